import { afterEach, expect, it } from 'vitest';
import { clientSecret, connect, prepare } from '../oidc/protocol-fixture.js';
import type { Answer } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { beginTrace } from './traced-provider.js';

let lying: LyingProvider;
afterEach(() => lying.close());

async function traceOf(answer: Answer): Promise<string> {
  lying = await startLyingProvider({ answers: { token: answer } });
  const traced = await beginTrace();
  const provider = await connect(lying, { ...traced.options, clientSecret });
  await expect(provider.exchangeCode(await prepare(lying, provider))).rejects.toMatchObject({
    name: 'LogtoError',
  });
  return JSON.stringify(traced.finish());
}

it.each<[string, string, Answer]>([
  ['errorSummary', 'The policy is wrong.', { status: 400, body: { errorSummary: 'The policy is wrong.' } }],
  [
    'an error that is an object',
    'Unknown user',
    { status: 400, body: { error: { message: 'Unknown user' } } },
  ],
  [
    'the name in such an object',
    'bad_thing',
    { status: 400, body: { error: { code: 'bad_thing', message: 'x' } } },
  ],
  ['message', 'invalid client secret', { status: 403, body: { message: 'invalid client secret' } }],
  ['detail', 'The origin is blocked.', { status: 403, body: { detail: 'The origin is blocked.' } }],
  ['error of a 200', 'bad_verification_code', { status: 200, body: { error: 'bad_verification_code' } }],
  ['the title of a page', 'Access blocked', { status: 403, body: '<html><title>Access blocked</title>' }],
  ['the title of a page with 200', 'Hotel Wi-Fi', { status: 200, body: '<html><title>Hotel Wi-Fi</title>' }],
  ['plain text', 'No such route.', { status: 404, body: 'No such route.' }],
  [
    'the challenge',
    'Too old a client',
    {
      status: 401,
      body: '',
      headers: { 'WWW-Authenticate': 'Basic error="x", error_description="Too old a client"' },
    },
  ],
])('a trace has the words of a provider: %s', async (_, words, answer) => {
  expect(await traceOf(answer)).toContain(words);
});

it.each<[string, Answer]>([
  ['a title', { status: 403, body: `<title>No ${clientSecret}</title>` }],
  ['an object', { status: 400, body: { error: { message: `No ${clientSecret}` } } }],
  ['errorSummary', { status: 400, body: { errorSummary: `No ${clientSecret}` } }],
])('a trace has no secret that a provider repeats in %s', async (_, answer) => {
  expect(await traceOf(answer)).not.toContain(clientSecret);
});
