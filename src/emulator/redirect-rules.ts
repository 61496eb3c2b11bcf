import type { EmulatorApplicationType } from './seed.js';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether an application may be sent back to this redirect URI, as Logto decides it: URLs are compared normalised, and
 * a Native application may use any port of a registered loopback host (RFC 8252, section 7.3), per literal host.
 */
export function redirectUriAllowed(
  type: EmulatorApplicationType,
  registered: readonly string[],
  uri: string,
): boolean {
  if (postLogoutRedirectUriAllowed(registered, uri)) return true;
  if (type !== 'Native') return false;
  const portless = withoutLoopbackPort(uri);
  return portless !== null && registered.some((known) => withoutLoopbackPort(known) === portless);
}

/** Whether a browser may be sent here after a sign-out. No port is relaxed, not even for Native applications. */
export function postLogoutRedirectUriAllowed(registered: readonly string[], uri: string): boolean {
  const wanted = normalised(uri);
  return wanted !== null && registered.some((known) => normalised(known) === wanted);
}

function normalised(uri: string): string | null {
  return URL.canParse(uri) ? new URL(uri).href : null;
}

function withoutLoopbackPort(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const url = new URL(uri);
  if (url.protocol !== 'http:' || !loopbackHosts.has(url.hostname)) return null;
  url.port = '';
  return url.href;
}
