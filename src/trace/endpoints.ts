import type { SentRequest } from '../network/traced-fetch.js';
import type { JsonObject } from '../oidc/http-answer.js';
import { discoveryPath } from '../oidc/issuer-url.js';

/** What a request is for. */
export type EndpointRole =
  | 'discovery'
  | 'keys'
  | 'authorization'
  | 'token'
  | 'userinfo'
  | 'revocation'
  | 'pushed-authorization'
  | 'device-authorization'
  | 'end-session'
  | 'other';

const discovery = { role: 'discovery', name: 'discovery' } as const;

/** Discovery's name for each, and ours for people. */
const known: readonly (readonly [field: string, role: EndpointRole, name: string])[] = [
  ['jwks_uri', 'keys', 'key set'],
  ['token_endpoint', 'token', 'token endpoint'],
  ['userinfo_endpoint', 'userinfo', 'UserInfo endpoint'],
  ['revocation_endpoint', 'revocation', 'revocation endpoint'],
  ['pushed_authorization_request_endpoint', 'pushed-authorization', 'pushed authorization request endpoint'],
  ['device_authorization_endpoint', 'device-authorization', 'device authorization endpoint'],
  ['authorization_endpoint', 'authorization', 'authorization endpoint'],
  ['end_session_endpoint', 'end-session', 'end session endpoint'],
];

/** Which address is what, as far as the provider has said so. */
export class Endpoints {
  readonly #roles = new Map<string, { readonly role: EndpointRole; readonly name: string }>();

  /** Takes over what a discovery document says. */
  learn(document: JsonObject): void {
    for (const [field, role, name] of known) {
      const url = document[field];
      if (typeof url === 'string' && URL.canParse(url)) this.#roles.set(placeOf(url), { role, name });
    }
  }

  /** Takes over where the document is. */
  learnDocument(url: string): void {
    this.#roles.set(placeOf(url), discovery);
  }

  /** An answer sent us from one address to another, which is then for the same; elsewhere only browsers are sent on. */
  redirect(from: SentRequest, location: string): void {
    const placed = this.#placed(from.url);
    if (['discovery', 'keys'].includes(placed.role) && URL.canParse(location, from.url)) {
      this.#roles.set(placeOf(new URL(location, from.url).href), placed);
    }
  }

  /** What a request is for, and its name for people. */
  of({ url, body }: SentRequest): { readonly role: EndpointRole; readonly name: string } {
    const { role, name } = this.#placed(url);
    const grant = role === 'token' || role === 'other' ? new URLSearchParams(body).get('grant_type') : null;
    if (grant === null) return { role, name };
    const shortGrant = /^[\w:.-]{1,80}$/.test(grant) ? (grant.split(':').at(-1) ?? '') : 'unknown grant';
    return { role: 'token', name: `token endpoint (${shortGrant})` };
  }

  #placed(url: string) {
    const place = placeOf(url);
    const isDiscovery = place.endsWith(discoveryPath);
    const otherwise = isDiscovery ? discovery : ({ role: 'other', name: 'request' } as const);
    return this.#roles.get(place) ?? otherwise;
  }
}

/** The address without what is asked there. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
