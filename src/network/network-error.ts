import { LogtoError } from '../errors.js';
import { isLoopbackAddress } from '../local-address.js';
import { shellWord } from '../shell-word.js';
import { proxyRefusal, refusedStatus } from './proxy-refusal.js';

/** What an HTTP request was about when it failed. */
export interface FailedRequest {
  readonly url: URL;
  /** The proxy that was in between. */
  readonly proxy: URL | null;
  /** The variable that named it. */
  readonly proxyVariable?: string;
}

/** OpenSSL's `SSL_R_WRONG_VERSION_NUMBER`: the first bytes of the answer are of no version of TLS. */
const wrongVersion = 'ERR_SSL_WRONG_VERSION_NUMBER';

/** As the code of a connection that the other side closed. */
const closedEarly = 'ERR_STREAM_PREMATURE_CLOSE';

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  [closedEarly]: 'the connection was closed before the whole answer was there',
  ENOTFOUND: 'the name does not exist',
  EAI_AGAIN: 'the name could not be resolved',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  EADDRNOTAVAIL: 'there is no route to it',
  PROXY_CLOSED: 'the connection was closed before there was a tunnel',
  PROXY_NO_HTTP: 'what answers does not speak HTTP',
  EACCES: 'this machine forbids the connection',
  EPERM: 'this machine forbids the connection',
};

const cutOff = new Set(['ECONNRESET', 'EPIPE', closedEarly]);

/** What can only be about the first connection, which is the one to the proxy. */
const ofProxy = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'PROXY_CLOSED',
  'PROXY_NO_HTTP',
]);

const tlsCode =
  /^(ERR_SSL|ERR_TLS|EPROTO$|CERT_|CRL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|INVALID_|HOSTNAME_|PATH_LENGTH|UND_ERR_PRX_TLS)/;

const tlsHints: readonly (readonly [codes: RegExp, hint: string])[] = [
  [/EXPIRED|NOT_YET_VALID/, 'Renew the certificate at the server, and check the clock of this machine.'],
  [/ALTNAME|HOSTNAME/, 'Use the host name that the certificate is for, or correct the certificate.'],
  [
    /^ERR_SSL|^EPROTO/,
    'Check the port and whether the address begins with https: there; behind a proxy, check HTTPS_PROXY.',
  ],
];

const caHint =
  'If you trust it, give the certificate of its authority: --ca-file <pem>, or NODE_EXTRA_CA_CERTS=<pem>.';

/** Whether somebody was there, and what came of the answer was not all of it. */
export function isCutOff(reason: unknown): boolean {
  return cutOff.has(String(reason));
}

/** Names why no HTTP answer came. Never keeps the original error: its parts may hold what was sent. */
export function networkError(error: unknown, request: FailedRequest): LogtoError {
  const code = codeOf(error);
  const { host } = request.url;
  const place = request.proxy === null ? host : `${host} (through the proxy ${request.proxy.host})`;
  const details = { host, reason: code || 'unknown' };
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return timeoutError(request);
  const { proxy, proxyVariable: variable = 'HTTPS_PROXY' } = request;
  const status = refusedStatus(error);
  if (proxy !== null && status !== null) return proxyRefusal({ host, proxy, variable, status });
  if (code in unreachable) {
    return new LogtoError(
      'network_unreachable',
      proxy !== null && ofProxy.has(code)
        ? `${place} cannot be reached: at the proxy, ${unreachable[code]}.`
        : `${place} ${isCutOff(code) ? 'gave no whole answer' : 'cannot be reached'}: ${unreachable[code]}.`,
      proxy === null
        ? `Check the address, ${isCutOff(code) ? 'what the provider has logged' : 'that the provider runs'}, and the network; behind a proxy set HTTPS_PROXY.`
        : `Check ${variable}, or except the host from it with NO_PROXY.`,
      details,
    );
  }
  if (code === wrongVersion || (code === 'EPROTO' && isNoTls(error))) {
    return new LogtoError(
      'tls_untrusted',
      `${place} does not seem to speak TLS: what came back is none (${code}).`,
      noTlsHint(request),
      details,
    );
  }
  if (tlsCode.test(code)) {
    return new LogtoError(
      'tls_untrusted',
      `The TLS connection to ${place} is not to be trusted: ${code}.`,
      tlsHints.find(([codes]) => codes.test(code))?.[1] ?? caHint,
      details,
    );
  }
  // By a proxy it is the proxy that answers so.
  if (proxy === null && isTlsAlert(error)) {
    return new LogtoError(
      'provider_error',
      `${place} seems to speak TLS: it answers http: with a TLS alert (${details.reason}).`,
      `Use https: there: ${shellWord(`https://${host}`)}`,
      details,
    );
  }
  return new LogtoError(
    'provider_error',
    `${place} gave an unusable HTTP answer (${details.reason}).`,
    'Check that the address and the port are those of an OpenID Provider.',
    details,
  );
}

/** The same, where Node says `EPROTO`: it has no code of its own while the first request is written. */
function isNoTls(error: unknown): boolean {
  return error instanceof Error && (error.message.includes(':0A00010B:') || isNoTls(error.cause));
}

function noTlsHint({ url, proxy, proxyVariable = 'HTTPS_PROXY' }: FailedRequest): string {
  if (proxy !== null) return `Check the port, and ${proxyVariable}.`;
  const { hostname, host } = url;
  return isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''))
    ? `Check the port; a server of this machine that speaks no TLS is asked with http: instead: ${shellWord(`http://${host}`)}`
    : 'Check the port: https: is usually at 443.';
}

/** Whether the answer begins as an alert of TLS does: its content type, and the major version (RFC 8446, section 5.1). */
function isTlsAlert(error: unknown): boolean {
  const { rawPacket } = error as { readonly rawPacket?: unknown };
  return Buffer.isBuffer(rawPacket) && rawPacket[0] === 0x15 && rawPacket[1] === 0x03;
}

/** No whole answer within the limit. */
export function timeoutError({ url, proxy }: FailedRequest): LogtoError {
  const through = proxy === null ? '' : ` through the proxy ${proxy.host}`;
  return new LogtoError(
    'request_timeout',
    `${url.host} did not answer in time${through}.`,
    'Try again; check the address, the network, and whether a firewall or proxy is in between.',
    { host: url.host },
  );
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Node says of both that they were reset: of one that was, it names the call that it interrupted.
  if (code === 'UND_ERR_SOCKET' || (code === 'ECONNRESET' && syscall === undefined)) return closedEarly;
  if (typeof code === 'string' && /^\w+$/.test(code)) return code;
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause);
}
