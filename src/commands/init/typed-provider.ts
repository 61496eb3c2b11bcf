import { discoveryPath } from '../../oidc/issuer-url.js';
import { unwrapped } from '../../profile/pasted-text.js';
import { typedDiscoveryUrl, typedEndpoint, typedIssuer } from '../../profile/typed-address.js';

/**
 * The issuers that a typed or pasted address may mean, the likeliest first. Which of them there is, is for discovery to
 * say: nothing here is certain.
 */
export function meantProviders(typed: string): readonly string[] {
  const { value } = unwrapped(typed);
  const tenant = tenantIn(value);
  if (tenant !== null) return [`https://${tenant}.logto.app/oidc`];
  const endpoint = typedEndpoint(value).value;
  const issuer = typedIssuer(value).value;
  const console = consoleOrigin(endpoint);
  const addresses = [
    ...(console === null ? [`${withoutEnd(endpoint)}/oidc`] : [`${console}/oidc`]),
    issuer,
    // An issuer is spelled to the letter, and people are free with the slash at its end.
    issuer.endsWith('/') ? withoutEnd(issuer) : `${issuer}/`,
  ];
  const isAddress = (address: string) => URL.canParse(address) && !/[?#@]/.test(address);
  const meant = [...new Set(addresses)].filter(isAddress);
  // What cannot be an address is asked for all the same: the refusal says what is wrong with it.
  return meant.length === 0 ? [issuer] : meant;
}

/** The address of a discovery document that was pasted whole; `null` where it is none. */
export function documentIn(typed: string): string | null {
  const { value } = typedDiscoveryUrl(typed);
  return URL.canParse(value) && new URL(value).pathname.endsWith(discoveryPath) && !/[{}@#]/.test(value)
    ? value
    : null;
}

/** The application's ID in an address that was copied out of Logto's Console, or of a sign-in; `null` where there is none. */
export function applicationIn(typed: string): string | null {
  const { value } = unwrapped(typed);
  if (!URL.canParse(value)) return null;
  const { pathname, searchParams } = new URL(value);
  const [, inConsole] = /\/applications\/([a-z\d]{10,40})(?:\/|$)/.exec(pathname) ?? [];
  return inConsole ?? searchParams.get('client_id') ?? searchParams.get('app_id');
}

/** The tenant of Logto Cloud that somebody names, by its ID or the address of its Console; `null` where it is none. */
function tenantIn(text: string): string | null {
  const [, id] = /^([a-z\d]{4,40})$/.exec(text) ?? [];
  if (id !== undefined && id !== 'localhost') return id;
  const [, inConsole] =
    /^(?:https:\/\/)?cloud\.logto\.(?:io|app)\/([a-z\d]{4,40})(?:[/?#]|$)/.exec(text) ?? [];
  return inConsole ?? null;
}

/** Where the Console is that of a Logto of one's own, its endpoint is at the port before by default. */
function consoleOrigin(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!/^\/console(\/|$)/.test(url.pathname)) return null;
  if (url.port === '3002') url.port = '3001';
  return url.origin;
}

function withoutEnd(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address;
}
