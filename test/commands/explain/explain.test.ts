import { describe, expect, it } from 'vitest';
import { codesOf, listLines, pageLines } from '../../../src/commands/explain/explain-page.js';
import { type ErrorCode, exitCodes } from '../../../src/errors.js';
import { exitMeanings, explanations } from '../../../src/explanation/explanations.js';
import { withoutPaint } from '../../../src/output/paint.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { Recorder, testRuntime } from '../../support/test-runtime.js';

const codes = Object.keys(exitCodes) as ErrorCode[];
const widths = [40, 80, 120];

async function explained(...argv: string[]): Promise<string> {
  const runtime = testRuntime({ home: await temporaryDirectory() });
  expect(await runInProcess(runtime, ['explain', ...argv])).toBe(0);
  expect(runtime.stderr.text).toBe('');
  return runtime.stdout.text;
}

/** A terminal of that many columns. */
const screen = (columns: number, hasColors: boolean) => new Recorder(true, { columns, hasColors });

function everyText(code: ErrorCode): string {
  const { meaning, causes } = explanations[code];
  return [meaning, ...causes.flatMap(({ cause, tell, fix }) => [cause, tell, fix])].join(' ');
}

const letters = (text: string) => text.replace(/[\s`]/g, '');

describe('explain <code>', () => {
  it('prints the page: meaning, causes in order, how to tell and to fix each', async () => {
    const text = await explained('redirect_uri_not_registered');
    const { meaning, causes, seeAlso = [] } = explanations.redirect_uri_not_registered;
    expect(text).toMatch(/^redirect_uri_not_registered \(exit code 9\)\n\n/);
    const flat = letters(text);
    const parts = [meaning, ...causes.flatMap(({ cause, tell, fix }) => [cause, tell, fix]), ...seeAlso];
    const places = parts.map((part) => flat.indexOf(letters(part)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(text.match(/^ {3}Tell {2}/gm)?.length).toBe(causes.length);
    expect(text.match(/^ {3}Fix {3}/gm)?.length).toBe(causes.length);
  });

  it('is one document with --json', async () => {
    const { meaning, causes, seeAlso, details } = explanations.port_in_use;
    expect(JSON.parse(await explained('port_in_use', '--json'))).toEqual({
      code: 'port_in_use',
      exitCode: 2,
      meaning,
      causes,
      details,
      seeAlso,
    });
  });

  it.each(['PORT_IN_USE', 'port-in-use'])('takes the code as %s too', async (word) => {
    expect(await explained(word)).toBe(await explained('port_in_use'));
  });
});

describe('explain', () => {
  it('lists every code once, by exit code', async () => {
    const text = await explained();
    const listed = text.match(/^ {2}\w+(?= {2}|$)/gm)?.map((line) => line.trim()) ?? [];
    expect([...listed].sort()).toEqual([...codes].sort());
    const exits = listed.map((code) => exitCodes[code as ErrorCode]);
    expect(exits).toEqual([...exits].sort((one, other) => one - other));
    for (const code of codes) expect(letters(text)).toContain(letters(explanations[code].meaning));
  });

  it('lists them in one document with --json', async () => {
    const { codes: listed } = JSON.parse(await explained('--json'));
    expect(listed).toHaveLength(codes.length);
    expect(listed).toContainEqual({
      code: 'clock_skew',
      exitCode: 6,
      meaning: explanations.clock_skew.meaning,
    });
  });

  it('of an exit code lists those that end with it', async () => {
    const { codes: listed } = JSON.parse(await explained('8', '--json'));
    expect(listed.map(({ code }: { code: string }) => code)).toEqual(codesOf(8));
    const text = await explained('8');
    expect(text).toContain('Exit code 8: token storage');
    expect(text).not.toContain('client_unknown');
  });

  it.each([
    ['143', 'interrupted'],
    ['130', 'interrupted'],
    ['0', 'done'],
    ['3', 'incomplete'],
  ])('of the exit code %s speaks of "%s"', async (exit, word) => {
    expect(await explained(exit)).toContain(word);
  });

  it.each([
    ['redirect_uri_not_registred', /redirect_uri_not_registered/],
    ['invalid_grant', /code_rejected/],
    ['invalid_client', /Did you mean client_rejected or .*client_secret_invalid/],
    ['Invalid_Scope', /Did you mean scope_not_allowed\?/],
    ['77', /no such exit code/],
    ['qqqqqq', /logto-cli explain$/],
  ])('of the unknown %s is a wrong command line, and says what is near', async (word, pattern) => {
    const failure = await explained(word).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'usage_invalid' });
    const { message, hint } = failure as { message: string; hint: string };
    expect(`${message} ${hint}`).toMatch(pattern);
  });
});

describe('explain of what has a page of the help', () => {
  it.each([
    ['doctor', 'doctor'],
    ['Emulator', 'emulator'],
    ['exec', 'exec'],
    ['login', 'sign-in'],
    ['storage', 'storage'],
    ['exit-codes', 'exit-codes'],
  ])('%s leads to help %s', async (word, page) => {
    const failure = await failureOf(explained(word));
    expect(failure).toMatchObject({
      code: 'usage_invalid',
      hint: `Did you mean logto-cli help ${page}? See all of them with: logto-cli explain`,
    });
  });
});

describe.each(widths)('on a terminal of %i columns', (columns) => {
  it.each([false, true])('no line of a page is wider (colours: %s), and nothing is lost', (hasColors) => {
    for (const code of codes) {
      const lines = pageLines(code, screen(columns, hasColors)).map(withoutPaint);
      const copied = everyText(code).match(/`[^`]+`/g) ?? [];
      // But for what is to be copied: it stays whole, on a line of its own.
      const isCopied = (line: string) =>
        /^ *\S+$/.test(line) || copied.some((span) => line.includes(span.slice(1, -1)));
      for (const line of lines.filter((line) => !isCopied(line)))
        expect(line.length, line).toBeLessThanOrEqual(columns);
      const flat = letters(lines.join(''));
      for (const word of everyText(code).split(' ')) expect(flat).toContain(letters(word));
      expect(lines.join('').includes('`')).toBe(!hasColors && everyText(code).includes('`'));
    }
  });

  it('no line of the list is wider', () => {
    for (const line of listLines([...exitMeanings.keys()], screen(columns, true)).map(withoutPaint)) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });
});

describe('a page', () => {
  it('is as on 80 columns where the terminal does not know its width', () => {
    const page = (columns: number) => pageLines('clock_skew', screen(columns, false));
    expect(page(0)).toEqual(page(80));
  });

  it('is painted in whole lines, so that nothing stays bold', () => {
    for (const code of codes) {
      const output = screen(60, true);
      output.write(pageLines(code, output));
      for (const line of output.lines) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what paint becomes
        const marks = [...line.matchAll(/\u001b\[(\d+)m/g)].map(([, mark]) => mark);
        for (const [index, mark] of marks.entries()) expect(mark === '22').toBe(index % 2 === 1);
      }
    }
  });
});
