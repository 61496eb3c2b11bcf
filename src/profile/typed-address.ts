import { controlIn } from '../control-character.js';
import { discoveryPath, isLoopbackHost } from '../oidc/issuer-url.js';
import { unwrapped } from './pasted-text.js';

/** Something as it was understood. */
export interface Typed {
  readonly value: string;
  /** What was put right, in words; empty when it was typed so. */
  readonly reasons: readonly string[];
}

/** What people copy that stands below Logto's endpoint: its protocol, and its pages and the indicator of its API. */
const belowEndpoint = [/^(.*?)\/(oidc)(\/.*)?$/, /^(.*?)\/(sign-in|register|consent|api)\/?$/];

/** What stands behind an issuer when its discovery document was copied (OpenID Connect Discovery 1.0, section 4.1). */
const documents = [discoveryPath, '/.well-known/oauth-authorization-server'];

/**
 * The Logto endpoint that somebody typed or pasted: what is certain is put right, all else stays for
 * `normalizeEndpoint` to refuse.
 */
export function typedEndpoint(typed: string): Typed {
  const { value, reasons } = typedAddress(typed);
  if (!isAddress(value)) return { value, reasons: [] };
  const url = new URL(value);
  const found = belowEndpoint.map((pattern) => pattern.exec(url.pathname)).find((match) => match !== null);
  if (!found) return { value, reasons };
  const [, prefix, below, rest] = found;
  const what = rest === undefined && url.search === '' ? `/${below}` : `/${below} and what follows`;
  return { value: `${url.origin}${prefix}`, reasons: [...reasons, `${what} left out`] };
}

/**
 * The issuer that somebody typed or pasted. It is spelled to the letter: only what cannot be a part of it is put right.
 */
export function typedIssuer(typed: string): Typed {
  const { value, reasons } = typedAddress(typed);
  if (!isAddress(value)) return { value, reasons: [] };
  const document = documents.find((path) => value.replace(/\/$/, '').endsWith(path));
  if (document !== undefined) {
    return {
      value: value.replace(/\/$/, '').slice(0, -document.length),
      reasons: [...reasons, 'the issuer of that discovery document'],
    };
  }
  const { origin, pathname } = new URL(value);
  const inserted = `${documents[1]}/`;
  if (pathname.startsWith(inserted)) {
    // RFC 8414, section 3.1: the path of the issuer comes last.
    return {
      value: `${origin}/${pathname.slice(inserted.length)}`,
      reasons: [...reasons, 'the issuer of that metadata document'],
    };
  }
  const issuer = issuerOfAuthorizationEndpoint(origin, pathname);
  return issuer === null
    ? { value, reasons }
    : { value: issuer, reasons: [...reasons, 'the issuer of that authorization endpoint'] };
}

/** The address of a discovery document that somebody typed or pasted. */
export function typedDiscoveryUrl(typed: string): Typed {
  const { value, reasons } = typedAddress(typed);
  return isAddress(value) ? { value, reasons } : { value, reasons: [] };
}

/** The redirect URI that somebody typed or pasted. */
export function typedRedirectUri(typed: string): Typed {
  const { value, reasons } = unwrapped(typed);
  const added = withScheme(value);
  // Where it could be anywhere, or an application's own scheme, nothing is certain.
  const isHere = added !== value && URL.canParse(added) && isLoopbackHost(new URL(added).hostname);
  return isHere ? { value: added, reasons: [...reasons, 'http:// added'] } : { value, reasons };
}

/** The application's ID that somebody typed or pasted. */
export function typedAppId(typed: string): Typed {
  return unwrapped(typed);
}

/** Where a provider's own layout tells the issuer from an address that people copy out of a browser. */
function issuerOfAuthorizationEndpoint(origin: string, pathname: string): string | null {
  // Logto, and Keycloak.
  if (pathname.endsWith('/oidc/auth')) return `${origin}${pathname.slice(0, -'/auth'.length)}`;
  const keycloak = pathname.indexOf('/protocol/openid-connect/');
  return keycloak > 0 ? `${origin}${pathname.slice(0, keycloak)}` : null;
}

function typedAddress(typed: string): Typed {
  const { value, reasons } = unwrapped(typed);
  const address = withScheme(value);
  if (address === value) return { value, reasons };
  const [scheme] = address.split('//');
  const isAdded = !/^https?:/i.test(value);
  return { value: address, reasons: [...reasons, isAdded ? `${scheme}// added` : 'slashes put right'] };
}

/** The text with the scheme that it lacks, where it is an address for sure; else as it is. */
function withScheme(text: string): string {
  const [, scheme, rest] = /^(https?):\/*(.*)$/is.exec(text) ?? [];
  if (scheme !== undefined) return text.startsWith(`${scheme}://`) ? text : `${scheme}://${rest}`;
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  const bare = text.replace(/^\/\//, '');
  const [, host = '', port, path = ''] =
    /^(\[[\da-f:.]+\]|[^\s/?#@:[\]<>{}]+)(:\d+)?([/?#]\S*)?$/i.exec(bare) ?? [];
  const isHost = isLoopbackHost(host) || port !== undefined || /[^.]\.[^.]/.test(host);
  if (host === '' || !isHost) return text;
  return `${isLoopbackHost(host) ? 'http' : 'https'}://${host}${port ?? ''}${path}`;
}

/**
 * Whether it is an http(s) address that may be shown. One with a user name in it will be refused: saying how it was
 * understood would show a password. So will one with line breaks or tabs, which `URL` leaves out.
 */
function isAddress(text: string): boolean {
  if (!URL.canParse(text) || controlIn(text) !== null) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
