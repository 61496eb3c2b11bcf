import { describe, expect, it } from 'vitest';
import { paintWith } from '../../src/output/paint.js';
import { htmlReport } from '../../src/trace/html-report.js';
import { TraceRecorder } from '../../src/trace/recorder.js';
import { textReport } from '../../src/trace/text-report.js';

/** What is sent and received in one exchange. */
interface Exchange {
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const url = 'https://id.example/oidc/token';

/** How many characters a trace of so many of these exchanges has, as each kind of report. */
async function sizesOf({ form = '', headers = {}, body = '' }: Exchange, times = 1) {
  const recorder = new TraceRecorder({ now: () => 0, elapsed: () => 0 });
  const fetch = recorder.watch(async () => new Response(body, { headers }));
  for (let time = 0; time < times; time += 1) {
    const init = { method: 'POST', headers: {}, body: new URLSearchParams(form) };
    await (await fetch(url, init)).text();
  }
  const trace = recorder.finish({ program: 'p', command: 'c', exitCode: 0, error: null });
  return {
    json: JSON.stringify(trace, null, 2).length,
    html: htmlReport(trace).length,
    text: textReport(trace, paintWith(null), 80).join('\n').length,
  };
}

const many = (amount: number) => Array.from({ length: amount }, (_, index) => index);
const json = (value: object): Exchange => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
/** Looks like a secret, and is another one each time. */
const secret = (index: number) => `secret-${1e6 + index}-of-somebody`;
const secrets = (amount: number) =>
  Object.fromEntries(many(amount).map((index) => [`f${index}`, secret(index)]));
const jwt = (claims: object) =>
  `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
const jwts = (amount: number, claims: object) =>
  Object.fromEntries(many(amount).map((index) => [`j${index}`, jwt(claims)]));

const shapes: Readonly<Record<string, (amount: number) => Exchange>> = {
  'headers that nobody knows': (amount) => ({
    headers: Object.fromEntries(many(amount).map((index) => [`x-${index}`, secret(index)])),
  }),
  'long headers': (amount) => ({
    headers: {
      'www-authenticate': `Bearer error_description="${'a'.repeat(amount)}"`,
      location: `https://id.example/${'b'.repeat(amount)}?${'c=d&'.repeat(amount)}`,
    },
  }),
  parameters: (amount) => ({
    form: many(amount)
      .map((index) => `p${index}=${secret(index)}`)
      .join('&'),
  }),
  'fields of an answer': (amount) => json(secrets(amount)),
  'fields within a field': (amount) => json({ a: secrets(amount), error: secrets(amount) }),
  'JSON in JSON': (amount) => {
    const depth = Math.min(amount, 90);
    return { body: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` };
  },
  'a long list': (amount) => json({ scope: many(amount).map(secret), aud: many(amount).map(secret) }),
  'a long token, repeated': (amount) =>
    json({ access_token: 'a'.repeat(amount), error: 'x', error_description: 'a'.repeat(amount) }),
  'long names': (amount) => json({ ['n'.repeat(amount)]: 'x'.repeat(amount), error: '&"'.repeat(amount) }),
  'claims of a JWT': (amount) => json({ id_token: jwt(secrets(amount)) }),
  'many JWTs': (amount) => json(jwts(amount, {})),
  'JWTs in JWTs': (amount) =>
    json({
      ...jwts(40, jwts(Math.min(40, amount), { a: 1, b: 2, c: 3 })),
      id_token: jwt(jwts(40, jwts(9, {}))),
    }),
  'a page': (amount) => ({ body: `<title>${'a '.repeat(amount)}</title>${'<p>b'.repeat(amount)}` }),
};

describe.each(Object.entries(shapes))('a trace of %s', (_, exchange) => {
  it('has an end, however much there is', async () => {
    const [some, more] = [await sizesOf(exchange(1_000)), await sizesOf(exchange(20_000))];
    // Of lengths only the digits grow.
    for (const kind of ['json', 'html', 'text'] as const) {
      expect(more[kind]).toBeLessThanOrEqual(some[kind] * 1.1);
      expect(more[kind]).toBeLessThan(150_000);
    }
  });

  it('grows as the requests do', async () => {
    const [one, many] = [await sizesOf(exchange(200)), await sizesOf(exchange(200), 20)];
    for (const kind of ['json', 'html', 'text'] as const)
      expect(many[kind]).toBeLessThanOrEqual(one[kind] * 20 * 1.1);
  });
});
