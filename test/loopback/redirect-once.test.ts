import { expect, it } from 'vitest';
import { ask } from './http-client.js';
import { listen } from './listener.js';

const target = 'https://id.example/session/end?id_token_hint=a.b.c';

it('sends the first GET on without telling where it came from, and is gone then', async () => {
  const { listener } = await listen();
  const url = listener.redirectOnce(target);
  expect(url).toMatch(/^http:\/\/localhost:\d+\/start\/[\w-]{32}$/);
  const first = await ask(url);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe(target);
  expect(first.headers['referrer-policy']).toBe('no-referrer');
  expect(first.headers['cache-control']).toBe('no-store');
  const second = await ask(url);
  expect(second.status).toBe(404);
  expect(second.body + JSON.stringify(second.headers)).not.toContain('id_token_hint');
});

it('is not used up by what a person did not ask for', async () => {
  const { listener } = await listen();
  const url = listener.redirectOnce(target);
  expect((await ask(url, { method: 'HEAD' })).status).toBe(405);
  expect((await ask(url, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
  expect((await ask(url, { headers: { host: 'evil.example' } })).status).toBe(421);
  expect((await ask(url)).status).toBe(303);
});

it('gives each target an address of its own', async () => {
  const { listener } = await listen();
  const [one, two] = [
    listener.redirectOnce('https://one.example/'),
    listener.redirectOnce('https://two.example/'),
  ];
  expect((await ask(two)).headers.location).toBe('https://two.example/');
  expect((await ask(one)).headers.location).toBe('https://one.example/');
});
