import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import { hasCredentials } from './proxy-refusal.js';
import type { Send, TlsOptions } from './send.js';

/** Sends through a proxy, by undici. `timeout` are the milliseconds that a connection may take. */
export function throughProxy(proxy: URL, tls: TlsOptions & { readonly timeout: number }): Send {
  // Without `proxyTunnel` http: requests are forwarded, as proxies expect, and https: ones are tunnelled all the same.
  const agent = new ProxyAgent({
    uri: proxy.href,
    ...(hasCredentials(proxy) && { token: basicCredentials(proxy) }),
    proxyTunnel: false,
    requestTls: tls,
    proxyTls: tls,
    clientFactory: (origin, options) => withFinalRefusals(new Pool(origin, options)),
  });
  return async ({ url, method, ...request }, read) => {
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod,
      ...request,
    });
    const answer = await read({ status: statusCode, headers: fieldsOf(headers), body });
    // undici has a connection free a turn after its answer has ended. Who asks before would open another tunnel.
    await new Promise((resolve) => setImmediate(resolve));
    return answer;
  };
}

/** RFC 7617. undici itself sends none where either the user name or the password is empty, as tokens in their place are. */
function basicCredentials({ username, password }: URL): string {
  const credentials = decodeURIComponent(`${username}:${password}`);
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/**
 * Whoever closes a connection instead of opening a tunnel has refused it: undici would ask again at once, thousands of
 * times a second. And what is no HTTP here is the proxy's answer, nobody else's.
 */
function withFinalRefusals(proxy: Dispatcher): Dispatcher {
  const connect = proxy.connect.bind(proxy) as typeof openTunnel;
  async function openTunnel(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    try {
      return await connect(options);
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      if (code === 'UND_ERR_SOCKET') throw noTunnel('PROXY_CLOSED');
      if (name === 'HTTPParserError') throw noTunnel('PROXY_NO_HTTP');
      throw error;
    }
  }
  return Object.assign(proxy, { connect: openTunnel });
}

function noTunnel(code: string): Error {
  return Object.assign(new Error('The proxy opened no tunnel.'), { code });
}

function* fieldsOf(headers: Dispatcher.ResponseData['headers']): Generator<[string, string]> {
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values ?? []].flat()) yield [name, value];
  }
}
