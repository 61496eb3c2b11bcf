import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { LogtoError } from '../errors.js';
import type { Fetch, FetchInit } from './fetch.js';
import { networkError, timeoutError } from './network-error.js';
import { type Environment, proxyFor, proxyVariable } from './proxy-for.js';
import { acceptedEncodings, readBody } from './response-body.js';
import { trustedRoots } from './trusted-roots.js';

/** How to reach the network. */
export interface FetchOptions {
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read, at each request. */
  readonly environment: Environment;
  /** A PEM file of certificates to trust beside the usual ones. */
  readonly caFile?: string;
  /** Our version, for `User-Agent`. */
  readonly version?: string;
  /** Milliseconds for one request, body included. Default: 10 seconds. */
  readonly timeout?: number;
  /** Bytes of a body, before and after decompression. Default: 1 MB. */
  readonly maxBytes?: number;
}

/**
 * Makes the {@link Fetch} of this machine, over undici. Its idle connections do not keep a process alive.
 *
 * @throws LogtoError `config_invalid` when the CA file is unusable
 */
export async function createFetch(options: FetchOptions): Promise<Fetch> {
  const { environment, caFile, version, timeout = 10_000, maxBytes = 1024 * 1024 } = options;
  // Node reads NODE_TLS_REJECT_UNAUTHORIZED where nobody says this.
  const tls = {
    timeout,
    rejectUnauthorized: true,
    ...(caFile && { ca: await trustedRoots(caFile, environment) }),
  };
  const direct = new Agent({ connect: tls });
  const proxies = new Map<string, Dispatcher>();

  function dispatcherFor(proxy: URL | null): Dispatcher {
    if (proxy === null) return direct;
    const known = proxies.get(proxy.href);
    if (known !== undefined) return known;
    // Without `proxyTunnel` http: requests are forwarded, as proxies expect, and https: ones are tunnelled all the same.
    const agent = new ProxyAgent({ uri: proxy.href, proxyTunnel: false, requestTls: tls, proxyTls: tls });
    proxies.set(proxy.href, agent);
    return agent;
  }

  return async (address, init = {}) => {
    const url = new URL(address);
    const proxy = proxyFor(url, environment);
    const failed = { url, proxy, proxyVariable: proxyVariable(url, environment) };
    const limit = new AbortController();
    const abort = () => limit.abort();
    init.signal?.throwIfAborted();
    const timer = setTimeout(abort, timeout);
    init.signal?.addEventListener('abort', abort, { once: true });
    // Undici heeds its signal only once it is connected.
    const aborted = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', reject, { once: true });
    });
    try {
      const answered = dispatcherFor(proxy)
        .request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
          headers: requestHeaders(init, version),
          body: init.body?.toString() ?? null,
          signal: limit.signal,
        })
        .then(async (answer) => {
          const encoding = String(answer.headers['content-encoding'] ?? '');
          return toResponse(answer, await readBody(answer.body, encoding, url.host, maxBytes), url.host);
        });
      return await Promise.race([answered, aborted]);
    } catch (error) {
      init.signal?.throwIfAborted();
      if (limit.signal.aborted) throw timeoutError(failed);
      throw error instanceof LogtoError ? error : networkError(error, failed);
    } finally {
      clearTimeout(timer);
      init.signal?.removeEventListener('abort', abort);
    }
  };
}

function requestHeaders({ headers, body }: FetchInit, version: string | undefined): Record<string, string> {
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...(body instanceof URLSearchParams && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...Object.fromEntries(given),
    'accept-encoding': acceptedEncodings,
    'user-agent': version ? `logto-cli/${version}` : 'logto-cli',
  };
}

function toResponse(answer: Dispatcher.ResponseData, body: Buffer, host: string): Response {
  const { statusCode: status } = answer;
  if (status < 200 || status > 599) {
    throw new LogtoError(
      'provider_error',
      `${host} answered with the HTTP status ${status}, which does not exist.`,
      'Check that the address and the port are those of an OpenID Provider.',
      { status },
    );
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headers)) {
    // The body that is handed on is neither compressed nor framed any more.
    if (/^(content-encoding|content-length|transfer-encoding)$/.test(name)) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  const isNullBody = [204, 205, 304].includes(status);
  return new Response(isNullBody ? null : new Uint8Array(body), { status, headers });
}
