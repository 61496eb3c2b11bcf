import type { Fetch } from './fetch.js';

/** A request as it is sent, whole: with whatever is secret in it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The empty text where there is none. */
  readonly body: string;
}

/** What came of it: an answer, whole, or the reason why there is none. */
export type ReceivedAnswer =
  | { readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly error: unknown };

/** Is told of each request as it starts; what it returns is told of the answer. Neither may throw. */
export type ExchangeObserver = (request: SentRequest) => (answer: ReceivedAnswer) => void;

/** The same fetch, with somebody who looks on. Each redirect that is followed is a request of its own. */
export function tracedFetch(fetch: Fetch, observe: ExchangeObserver): Fetch {
  return async (url, init = {}) => {
    const { method = 'GET', headers = {}, body } = init;
    const ended = observe({ method, url, headers, body: body?.toString() ?? '' });
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      ended({ error });
      throw error;
    }
    ended({
      status: response.status,
      headers: response.headers,
      // It has been read from the network already.
      body: await response.clone().text(),
    });
    return response;
  };
}
