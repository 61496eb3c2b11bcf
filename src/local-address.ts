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
