import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StrangerReport } from '../../src/loopback/callback-listener.js';
import { ConnectionLimit } from '../../src/loopback/connection-limit.js';
import { LoopbackListener } from '../../src/loopback/loopback-listener.js';
import { obeyed, outsideText } from './outside.js';
import { fuzz } from './seed.js';

fuzz(1000);

const state = 'our-state';
const redirectUri = 'http://localhost:3000/callback';

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly hosts: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides about a request as a listener does, and tells what it answered; `null` when it is the true response. */
async function decide({ method, target, hosts, headers }: Asked) {
  const reports: StrangerReport[] = [];
  const options = {
    kind: 'sign-in' as const,
    redirectUri,
    onStranger: (report: StrangerReport) => reports.push(report),
  };
  const listener = new LoopbackListener(options, new URL(redirectUri), new ConnectionLimit(10));
  let heard: string | null = null;
  void listener.response(state).then(({ url }) => {
    heard = url;
  });
  const answer = { status: 0, headers: {} as Record<string, string>, body: '' };
  const request = { method, url: target, headers, headersDistinct: { host: hosts }, socket: new Socket() };
  const response = {
    writeHead: (status: number, sent: Record<string, string>) =>
      Object.assign(answer, { status, headers: sent }),
    end: (body = '') => Object.assign(answer, { body }),
  };
  listener.answer(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  await Promise.resolve();
  return { heard, answer, reports };
}

const often = <T>(usual: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 3 }, { arbitrary: others, weight: 1 });
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom('code', 'error', 'state', 'iss', 'Code'),
      fc.oneof(fc.constant('x'), outsideText()),
    ),
    {
      maxLength: 3,
    },
  )
  .map((more) => new URLSearchParams(more as [string, string][]).toString());
const asked: fc.Arbitrary<Asked> = fc.record({
  method: often('GET', fc.constantFrom('POST', 'HEAD', 'OPTIONS', 'PUT', 'get', '')),
  target: fc
    .tuple(
      often(
        '/callback',
        fc.oneof(outsideText(), fc.webPath(), fc.constantFrom('/callback/', '/Callback', '//callback')),
      ),
      often(`?code=c&state=${state}`, outsideText()),
      query,
    )
    .map(([path, start, more]) => `${path}${start}${more === '' ? '' : `&${more}`}`),
  hosts: often<readonly string[] | undefined>(
    ['localhost:3000'],
    fc.oneof(
      fc.constant(undefined),
      fc.array(
        fc.oneof(
          fc.constantFrom('LOCALHOST:3000', 'localhost', 'localhost:3000'),
          outsideText(),
          fc.webAuthority(),
        ),
      ),
    ),
  ),
  headers: often<Record<string, string>>(
    {},
    fc.dictionary(
      fc.constantFrom('sec-purpose', 'purpose', 'x-moz', 'origin', 'sec-fetch-mode'),
      fc.constantFrom('prefetch', 'prefetch;prerender', 'Preview', 'navigate', ''),
    ),
  ),
});

it('only the true request is the response; every other one gets one whole, harmless answer and no effect', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (request) => {
      const { heard, answer, reports } = await decide(request);
      const [path = '', ...rest] = request.target.split('?');
      const given = new URL(`http://localhost:3000/callback?${rest.join('?')}`).searchParams;
      const names = [...given.keys()];
      const isTrue =
        request.method === 'GET' &&
        request.hosts?.length === 1 &&
        request.hosts[0]?.toLowerCase() === 'localhost:3000' &&
        path === '/callback' &&
        !Object.entries(request.headers).some(
          ([name, value]) => !/^(origin|sec-fetch)/.test(name) && /prefetch|prerender|preview/i.test(value),
        ) &&
        given.get('state') === state &&
        new Set(names).size === names.length &&
        // What has no value counts as left out (RFC 6749, section 3.1).
        Boolean(given.get('code')) !== Boolean(given.get('error'));
      if (isTrue) {
        expect(heard).toContain('http://localhost:3000/callback?');
        expect({ answer: answer.status, reports }).toEqual({ answer: 0, reports: [] });
        return;
      }
      expect(heard).toBeNull();
      expect([400, 404, 405, 421, 503]).toContain(answer.status);
      expect(answer.headers).toMatchObject({ 'Referrer-Policy': 'no-referrer', Connection: 'close' });
      expect(Object.keys(answer.headers).join()).not.toMatch(/access-control/i);
      expect(answer.body).not.toContain(state);
      expect(reports).toHaveLength(1);
      expect(reports[0]?.message).not.toMatch(obeyed);
      expect(reports[0]?.message).not.toContain(state);
    }),
  );
});
