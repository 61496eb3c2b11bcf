import { LogtoError } from '../errors.js';
import { Headers, Response } from '../whole-response.js';
import { directly } from './direct-request.js';
import type { Fetch, FetchInit } from './fetch.js';
import { networkError, timeoutError } from './network-error.js';
import { type Environment, proxyFor, proxyVariable } from './proxy-for.js';
import { readBody } from './response-body.js';
import type { IncomingAnswer, Send } from './send.js';
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
 * Makes the {@link Fetch} of this machine. Its idle connections do not keep a process alive.
 *
 * @throws LogtoError `config_invalid` when the CA file is unusable
 */
export async function createFetch(options: FetchOptions): Promise<Fetch> {
  const { environment, caFile, version, timeout = 10_000, maxBytes = 1024 * 1024 } = options;
  // Node reads NODE_TLS_REJECT_UNAUTHORIZED where nobody says this.
  const tls = {
    rejectUnauthorized: true as const,
    ...(caFile && { ca: await trustedRoots(caFile, environment) }),
  };
  const direct = directly(tls);
  const proxies = new Map<string, Promise<Send>>();

  function wayThrough(proxy: URL | null): Send | Promise<Send> {
    if (proxy === null) return direct;
    const known = proxies.get(proxy.href);
    if (known !== undefined) return known;
    const made = import('./proxied-request.js').then(({ throughProxy }) =>
      throughProxy(proxy, { ...tls, timeout }),
    );
    proxies.set(proxy.href, made);
    return made;
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
    // A proxy's connection heeds its signal only once it is there.
    const aborted = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', reject, { once: true });
    });
    const request = {
      url,
      method: init.method ?? 'GET',
      headers: requestHeaders(init, version),
      body: init.body?.toString() ?? null,
      signal: limit.signal,
    };
    try {
      const answered = Promise.resolve(wayThrough(proxy)).then((send) =>
        send(request, (answer) => toResponse(answer, url.host, maxBytes)),
      );
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
    // What programs ask of a provider fits into few packets, and what decompresses takes longer to load than that saves.
    'accept-encoding': 'identity',
    ...Object.fromEntries(given),
    'user-agent': version ? `logto-cli/${version}` : 'logto-cli',
  };
}

async function toResponse(answer: IncomingAnswer, host: string, maxBytes: number): Promise<Response> {
  const { status } = answer;
  const headers = new Headers([...answer.headers]);
  const body = await readBody(answer.body, headers.get('content-encoding') ?? '', host, maxBytes);
  if (status < 200 || status > 599) {
    // Whoever is asked for nothing else may switch to nothing else (RFC 9110, section 15.2.2).
    const why = status === 101 ? 'and no other protocol was asked for' : 'which does not exist';
    throw new LogtoError(
      'provider_error',
      `${host} answered with the HTTP status ${status}, ${why}.`,
      'Check that the address and the port are those of an OpenID Provider.',
      { status },
    );
  }
  // The body that is handed on is neither compressed nor framed any more.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  const isNullBody = [204, 205, 304].includes(status);
  return new Response(isNullBody ? null : new Uint8Array(body), { status, headers });
}
