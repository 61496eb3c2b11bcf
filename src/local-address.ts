/** The port that the browser comes back to, unless another one is chosen. */
export const defaultPort = 3000;

/** The redirect URI of a sign-in on this machine, at that port. */
export function callbackUri(port: number | string = defaultPort): string {
  return `http://localhost:${port}/callback`;
}

/** The post sign-out URI of a sign-out on this machine, at that port. */
export function signedOutUri(port: number | string = defaultPort): string {
  return `http://localhost:${port}/`;
}

/** The port of a redirect URI with the scheme http, said or not. */
export function portOf(redirectUri: string): string {
  return new URL(redirectUri).port || '80';
}

/** What keeps a text from being an address, as a sentence about it goes on: a port that there is not, or `otherwise`. */
export function problemOfAddress(text: string, otherwise: string): string {
  const [, port] = /^[a-z]+:\/\/[^/?#@]*:(\d{1,20})(?=[/?#]|$)/i.exec(text) ?? [];
  return Number(port) > 65_535 ? `has the port ${port}, and the last one there is 65535` : otherwise;
}
