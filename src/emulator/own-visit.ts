import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../oidc/issuer-url.js';

/**
 * Whether a request names this machine as its host (RFC 9110, section 7.2). A page whose name was made to resolve to this
 * machine (DNS rebinding) is of one origin with the emulator in the eyes of a browser, but sends its own name here.
 */
export function namesThisMachine({ headers: { host = '' } }: IncomingMessage): boolean {
  const address = `http://${host}`;
  return !/[/?#@\\]/.test(host) && URL.canParse(address) && isLoopbackHost(new URL(address).hostname);
}

/**
 * Whether nobody else's page led a browser here (Fetch Metadata Request Headers): it was typed, comes from the emulator's
 * own pages, or is no browser that says so.
 */
export function isOwnVisit({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'none' || site === 'same-origin';
}
