import { expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { type ReceivedAnswer, type SentRequest, tracedFetch } from '../../src/network/traced-fetch.js';

function observed(fetch: Parameters<typeof tracedFetch>[0]) {
  const seen: { request: SentRequest; answer?: ReceivedAnswer }[] = [];
  const traced = tracedFetch(fetch, (request) => {
    const exchange: (typeof seen)[number] = { request };
    seen.push(exchange);
    return (answer) => {
      exchange.answer = answer;
    };
  });
  return { traced, seen };
}

it('tells the request as it starts and the answer whole, and leaves the answer to be read', async () => {
  const { traced, seen } = observed(async () => {
    expect(seen).toHaveLength(1);
    expect(seen[0]?.answer).toBeUndefined();
    return new Response('the answer', { status: 201, headers: { 'x-name': 'value' } });
  });
  const response = await traced('https://tenant.test/token', {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'refresh_token' }),
  });

  expect(await response.text()).toBe('the answer');
  expect(seen).toMatchObject([
    {
      request: {
        method: 'POST',
        url: 'https://tenant.test/token',
        headers: { accept: 'application/json' },
        body: 'grant_type=refresh_token',
      },
      answer: { status: 201, body: 'the answer' },
    },
  ]);
});

it('passes what is asked on as it is, and tells a GET without a body', async () => {
  const signal = new AbortController().signal;
  const passed: unknown[] = [];
  const { traced, seen } = observed(async (url, init) => {
    passed.push(url, init?.signal);
    return new Response(null, { status: 204 });
  });
  expect((await traced('https://tenant.test/', { signal })).status).toBe(204);
  expect(passed).toEqual(['https://tenant.test/', signal]);
  expect(seen[0]).toMatchObject({ request: { method: 'GET', body: '' }, answer: { status: 204, body: '' } });
});

it('tells why there is no answer, and throws the same', async () => {
  const error = new LogtoError('network_unreachable', 'It cannot be reached.', 'Check it.');
  const { traced, seen } = observed(() => Promise.reject(error));
  await expect(traced('https://tenant.test/')).rejects.toBe(error);
  expect(seen[0]?.answer).toEqual({ error });
});
