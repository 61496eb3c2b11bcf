/** The port that the browser comes back to, unless another one is chosen. */
export const defaultPort = 3000;

/** How a listener of this machine is spoken to. */
export type LocalScheme = 'http' | 'https';

/** The redirect URI of a sign-in on this machine, at that port. */
export function callbackUri(port: number | string = defaultPort, scheme: LocalScheme = 'http'): string {
  return `${scheme}://localhost:${port}/callback`;
}

/** The post sign-out URI of a sign-out on this machine, at that port. */
export function signedOutUri(port: number | string = defaultPort, scheme: LocalScheme = 'http'): string {
  return `${scheme}://localhost:${port}/`;
}

/** The post sign-out URI that goes with a redirect URI: at its port, and spoken to as that is. */
export function signedOutUriOf(redirectUri: string): string {
  // A usual port is not said: providers compare letter by letter.
  return new URL(signedOutUri(portOf(redirectUri), isHttps(redirectUri) ? 'https' : 'http')).href;
}

/** The port of a redirect URI, said or not. */
export function portOf(redirectUri: string): string {
  return new URL(redirectUri).port || (isHttps(redirectUri) ? '443' : '80');
}

/** Whether an address is spoken to over TLS. */
export function isHttps(address: string): boolean {
  return new URL(address).protocol === 'https:';
}

/** What keeps a text from being an address, as a sentence about it goes on: a port that there is not, or `otherwise`. */
export function problemOfAddress(text: string, otherwise: string): string {
  const [, port] = /^[a-z]+:\/\/[^/?#@]*:(\d{1,20})(?=[/?#]|$)/i.exec(text) ?? [];
  return Number(port) > 65_535 ? `has the port ${port}, and the last one there is 65535` : otherwise;
}

/** Whether only this machine reaches what listens on an address, or under the name `localhost`. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(?:\.\d+){3}$/.test(address);
}
