import { type Dispatcher, ProxyAgent } from 'undici';
import type { Send, TlsOptions } from './send.js';

/** Sends through a proxy, by undici. `timeout` are the milliseconds that a connection may take. */
export function throughProxy(proxy: URL, tls: TlsOptions & { readonly timeout: number }): Send {
  // Without `proxyTunnel` http: requests are forwarded, as proxies expect, and https: ones are tunnelled all the same.
  const agent = new ProxyAgent({ uri: proxy.href, proxyTunnel: false, requestTls: tls, proxyTls: tls });
  return async ({ url, method, ...request }, read) => {
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod,
      ...request,
    });
    return read({ status: statusCode, headers: fieldsOf(headers), body });
  };
}

function* fieldsOf(headers: Dispatcher.ResponseData['headers']): Generator<[string, string]> {
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values ?? []].flat()) yield [name, value];
  }
}
