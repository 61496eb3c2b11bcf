import { LogtoError } from '../errors.js';

/** A request that a proxy answered instead of passing it on. */
export interface RefusedByProxy {
  /** The host that was asked for. */
  readonly host: string;
  readonly proxy: URL;
  /** The variable that names the proxy. */
  readonly variable: string;
  /** What the proxy answered. */
  readonly status: number;
}

/** The status that a proxy answered a request for a tunnel with; `null` for any other failure of undici. */
export function refusedStatus(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const [, status] = /^Proxy response \((\d{3})\)/.exec(error.message) ?? [];
  if (status !== undefined) return Number(status);
  // What undici says of a request that it forwarded without a tunnel.
  if (error.message.startsWith('Proxy Authentication Required')) return 407;
  return refusedStatus(error.cause);
}

/** Whether the address of a proxy says who asks: a user name, a password or both. */
export function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** Names what the proxy wants: credentials (407), another rule (403), another proxy, or the host itself (RFC 9110, 15.5.8). */
export function proxyRefusal({ host, proxy, variable, status }: RefusedByProxy): LogtoError {
  const [what, hint] = explain(status, host, variable, hasCredentials(proxy));
  return new LogtoError(
    'network_unreachable',
    `${host} cannot be reached: the proxy ${proxy.host} ${what} (${status}).`,
    hint,
    { host, reason: `PROXY_${status}`, proxyStatus: status },
  );
}

function explain(status: number, host: string, variable: string, isGiven: boolean): [string, string] {
  if (status === 407) {
    return isGiven
      ? [
          'does not accept the user name and password that it was given',
          `Correct them in ${variable}: http://user:password@host:port, percent-encoded. Where the proxy wants another way than Basic (NTLM, Kerberos), run a local proxy that speaks it, or except the host with NO_PROXY.`,
        ]
      : [
          'wants a user name and a password',
          `Put them into ${variable}: http://user:password@host:port, percent-encoded.`,
        ];
  }
  if (status === 403) {
    return [
      'forbids the connection',
      `Its rules do not allow ${host}: ask whoever runs the proxy, or except the host from ${variable} with NO_PROXY.`,
    ];
  }
  if (status >= 500) {
    return [
      'could not connect to it',
      `Check the address of the provider and that it runs, or except the host from the proxy with NO_PROXY.`,
    ];
  }
  return [
    'refused to connect to it',
    `Check that ${variable} names an HTTP proxy which allows CONNECT, or except the host from it with NO_PROXY.`,
  ];
}
