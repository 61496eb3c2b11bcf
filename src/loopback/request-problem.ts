import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { StrangerPage } from './pages.js';

/** What is wrong with a response that went where, or came how, it cannot be taken. */
export function refusalProblem(refusal: StrangerPage, method: string, url: URL): string {
  if (refusal === 'wrong-host') return `came to another host than ${url.host}`;
  if (refusal === 'not-found') return `came to another path than ${url.pathname}`;
  if (refusal === 'prefetch') return 'came ahead of time (a prefetch), and no visit followed';
  const mode = method === 'POST' ? ' (response_mode=form_post)' : '';
  return `came as a ${method}${mode}, and only a GET is one`;
}

/** The problem of a browser that has more cookies for this host than can be taken. */
export const headersTooLarge = `had headers beyond the limit of 64 KB, and ${answered(431)}: delete the cookies of localhost in the browser, and go on there`;

/** The problem of a browser that speaks TLS where nobody does. */
export const cameByTls =
  'came with https:, where only http: is answered: the browser was sent there, or keeps localhost to https (HSTS)';

/** The problem of a browser that speaks without TLS where nobody does. */
export const cameWithoutTls = 'came with http:, where only https: is answered';

/** What became of a TLS handshake that failed, where that is of interest; `null` for one that is just over. */
export type HandshakeFailure = 'without-tls' | 'distrusted' | 'other';

/**
 * What the error of a connection over TLS tells of it; `null` for one that is not of TLS.
 *
 * A browser that does not trust the certificate says so by an alert (RFC 8446, section 6.2), also when the person goes on
 * past its warning afterwards.
 */
export function handshakeFailure({ code = '' }: NodeJS.ErrnoException): HandshakeFailure | null {
  if (!/^ERR_(?:SSL|TLS)_/.test(code)) return null;
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'without-tls';
  return /_ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/.test(code)
    ? 'distrusted'
    : 'other';
}

/**
 * What is wrong with a request that could not be read, where a browser may have sent it that meant to bring the
 * response; `null` for what no browser does.
 */
export function malformedProblem(
  status: number,
  { rawPacket }: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
  isSecure: boolean,
): string | null {
  if (status === 431) return headersTooLarge;
  // A TLS handshake (RFC 8446, section 5.1).
  return !isSecure && rawPacket?.[0] === 0x16 && rawPacket[1] === 3 ? cameByTls : null;
}

/** What became of a request that was answered with this status. */
export function answered(status: number): string {
  return `was answered ${status} ${STATUS_CODES[status]} and had no effect`;
}

/** Whether a browser goes there with a whole tab (Fetch Metadata); one that does not tell may. */
export function isVisit({ headers }: IncomingMessage): boolean {
  return (headers['sec-fetch-dest'] ?? 'document') === 'document';
}

/** Whether a browser only prepares for a visit (Fetch standard: `Sec-Purpose`; older names of it). */
export function isAheadOfTime({ headers }: IncomingMessage): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(String(headers[name] ?? '')),
  );
}
