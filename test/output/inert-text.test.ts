import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { html } from '../../src/html.js';
import { reportError } from '../../src/output/error-report.js';
import { fields } from '../../src/output/fields.js';
import { createOutput } from '../../src/output/output.js';
import { plainJson, plainText } from '../../src/output/plain-text.js';
import { obeyed, outsideJson, outsideText } from '../fuzz/outside.js';
import { fuzz } from '../fuzz/seed.js';
import { Recorder } from '../support/test-runtime.js';

fuzz();

/** What is written is so many lines, and nothing in them is obeyed. */
function expectLines(text: string, count: number): void {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines).toHaveLength(count);
  for (const line of lines) expect(line).not.toMatch(obeyed);
}

describe('any text from outside', () => {
  it('is one line of plain text that keeps every other character', () => {
    fc.assert(
      fc.property(outsideText(), (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(obeyed);
        expect(plain).toHaveLength(text.length);
        const isKept = plain.split('').every((unit, index) => unit === ' ' || unit === text[index]);
        expect(isKept).toBe(true);
        expect(plain.match(/ /g)?.length ?? 0).toBe(
          text.match(/[ \p{Cc}\p{Bidi_Control}\u2028\u2029]/gu)?.length ?? 0,
        );
      }),
    );
  });

  it('is one line in a page, without a character that HTML knows', () => {
    fc.assert(
      fc.property(outsideText(), (text) => {
        const escaped = html`${text}`.text;
        expect(escaped).not.toMatch(obeyed);
        expect(escaped).not.toMatch(/[<>"']|&(?!#\d+;)/);
        const shown = escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
        expect(shown.replaceAll(' ', '')).toBe(
          text.replace(new RegExp(obeyed.source, 'gu'), '').replaceAll(' ', ''),
        );
      }),
    );
  });

  it('is one row of a table, whether it is a name or a value', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outsideText(), outsideText()), { maxLength: 4 }), (rows) => {
        const output = new Recorder();
        output.write(fields(rows, '  '));
        if (rows.length > 0) expectLines(output.text, rows.length);
        else expect(output.text).toBe('');
      }),
    );
  });

  it('is two lines in the report of a failure, a warning is one, a note is one', () => {
    fc.assert(
      fc.property(outsideText(), outsideText(), (message, hint) => {
        const stderr = new Recorder();
        reportError(new LogtoError('provider_error', message, `x${hint}`, { message }), stderr);
        const output = createOutput(new Recorder(), stderr, { verbose: true });
        output.warn(message);
        output.note(message);
        output.detail(message);
        expectLines(stderr.text, 5);
      }),
    );
  });
});

describe('any JSON from outside', () => {
  it('is the same JSON when it is printed as a document, with everything escaped that a terminal obeys', () => {
    fc.assert(
      fc.property(outsideJson(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = plainJson(value, indent);
        expect(text.replaceAll('\n', '')).not.toMatch(obeyed);
        if (indent === undefined) expect(text).not.toContain('\n');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
