import fc from 'fast-check';
import { LogtoError } from '../../src/errors.js';

/** Whatever a terminal obeys, or might: C0 and C1 controls, separators of lines, bidirectional controls. */
export const obeyed = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

const hostile = [
  ...[
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\u001b]8;;https://evil.test\u001b\\',
    '\u009b31m',
    '\u009d0;t\u009c',
  ],
  ...['\r\n', '\n', '\r', '\t', '\0', '\b', '\u007f', '\u0085', '\u2028', '\u2029', '\u001bP+q\u001b\\'],
  ...['\u202e', '\u202d', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c', '\ud800', '\udfff', '\ufeff'],
  ...['<script>', '"', "'", '&amp;', '\\', '%', '{', '}', '__proto__', 'constructor', 'toString', 'error: '],
] as const;

/** Text from outside: what disturbs a terminal, a page or a parser, among ordinary text of any language. */
export const outsideText = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 6 })), {
      maxLength: 8,
    })
    .map((parts) => parts.join(''));

/** Any JSON value, with names and texts from outside. */
export const outsideJson = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), weight: 2 },
    { arbitrary: fc.dictionary(outsideText(), fc.oneof(outsideText(), fc.jsonValue())), weight: 1 },
    {
      arbitrary: fc.constantFrom<unknown>(null, -0, 1e308, 1e300, '', [], {}, { toString: 1, valueOf: 1 }),
      weight: 2,
    },
  );

/** The same JSON object with some members replaced, removed or added. */
export function damaged(whole: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const name = fc.oneof(
    { arbitrary: fc.constantFrom(...Object.keys(whole)), weight: 4 },
    { arbitrary: outsideText(), weight: 1 },
  );
  const value = fc.oneof(
    { arbitrary: outsideJson(), weight: 3 },
    { arbitrary: fc.constant(undefined), weight: 1 },
  );
  return fc.array(fc.tuple(name, value), { maxLength: 3 }).map((changes) => {
    const entries = new Map(Object.entries(whole));
    for (const [key, changed] of changes) entries.set(key, changed);
    return Object.fromEntries([...entries].filter(([, kept]) => kept !== undefined));
  });
}

/** What came of work that may only succeed or fail with one of ours; anything else is thrown on. */
export function outcomeOf<T>(work: () => T): { readonly value: T } | { readonly error: LogtoError } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof LogtoError) return { error };
    throw error;
  }
}
