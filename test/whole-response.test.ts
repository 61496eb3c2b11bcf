import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Headers, Response } from '../src/whole-response.js';

const standard = { Headers: globalThis.Headers, Response: globalThis.Response };
const ours = { Headers, Response };

const name = fc.constantFrom('a', 'A', 'set-cookie', 'Set-Cookie', 'content-type', 'x-b');
const value = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(' a\t', 'ä', 'a\r\nb', '', 'ю', '\0'));
const step = fc.record({ what: fc.constantFrom('append', 'set', 'delete', 'has', 'get'), name, value });

describe('Headers', () => {
  it('are as those of Node, whatever is done to them', () => {
    const outcomeOf = (
      { Headers: Kind }: typeof ours,
      steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
    ) => {
      const headers = new Kind();
      const seen = steps.map(({ what, name: key, value: text }) => {
        try {
          if (what === 'append' || what === 'set') return headers[what](key, text);
          return headers[what as 'has' | 'get' | 'delete'](key);
        } catch (error) {
          return (error as Error).name;
        }
      });
      const each: string[] = [];
      headers.forEach((text, key) => void each.push(`${key}: ${text}`));
      return {
        seen,
        each,
        all: [...headers],
        keys: [...headers.keys()],
        values: [...headers.values()],
        cookies: headers.getSetCookie(),
      };
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        expect(outcomeOf(ours, steps)).toEqual(outcomeOf(standard, steps));
      }),
    );
  });

  it.each([
    ['a record', { 'X-A': '1', 'x-b': '2' }],
    [
      'pairs',
      [
        ['x-a', '1'],
        ['X-A', '2'],
      ],
    ],
    ['other headers', new Headers({ a: 'b' })],
    ['headers of Node', new globalThis.Headers({ a: 'b' })],
  ] as [string, HeadersInit][])('can be made of %s', (_, init) => {
    expect([...new Headers(init)]).toEqual([...new globalThis.Headers([...new globalThis.Headers(init)])]);
  });

  it.each(['', 'a b', 'ä', 'a:'])('refuse the name %j, as those of Node', (bad) => {
    for (const { Headers: Kind } of [ours, standard]) {
      expect(() => new Kind({ [bad]: 'x' })).toThrow(TypeError);
      expect(() => new Kind().get(bad)).toThrow(TypeError);
    }
  });
});

describe('a Response', () => {
  const bodies: readonly [string, string | Uint8Array | null][] = [
    ['a text', 'grün'],
    ['JSON', '{"a":[1]}'],
    ['bytes', new Uint8Array([0xef, 0xbb, 0xbf, 0x67, 0xff])],
    ['an empty text', ''],
    ['nothing', null],
  ];

  it.each(bodies)('of %s is as that of Node', async (_, body) => {
    const told = async ({ Response: Kind }: typeof ours) => {
      const init = { status: 400, headers: { 'x-a': 'b' } };
      const response = new Kind(body as string | Uint8Array<ArrayBuffer> | null, init);
      const copy = response.clone();
      const before = [response.status, response.ok, response.bodyUsed, response.body === null];
      const texts = [await response.text(), await response.text().catch((error: Error) => error.name)];
      const json = await copy.json().catch((error: Error) => error.name);
      const after = [response.bodyUsed, copy.bodyUsed, [...copy.headers]];
      return { before, texts, json, after, tag: Object.prototype.toString.call(response) };
    };
    expect(await told(ours)).toEqual(await told(standard));
  });

  it('that was read has no copy, and one that was given up no text', async () => {
    for (const { Response: Kind } of [ours, standard]) {
      const response = new Kind('x');
      await response.body?.cancel();
      await expect(response.text()).rejects.toThrow(TypeError);
      expect(() => response.clone()).toThrow(TypeError);
    }
  });

  it('of a value is JSON', async () => {
    for (const { Response: Kind } of [ours, standard]) {
      const response = Kind.json({ a: 1 }, { status: 201, headers: { b: 'c' } });
      expect([response.status, [...response.headers], await response.json()]).toEqual([
        201,
        [
          ['b', 'c'],
          ['content-type', 'application/json'],
        ],
        { a: 1 },
      ]);
    }
  });

  it.each([100, 600, 1.5])('has no status %d', (status) => {
    expect(() => new Response('', { status })).toThrow(RangeError);
  });
});
