import { beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, exitCodes } from '../../src/errors.js';
import type { Explanation } from '../../src/explanation/explanation.js';
import { exitMeanings, explanations } from '../../src/explanation/explanations.js';
import { readSourceTree } from '../support/source-tree.js';
import { programFlags } from './program-words.js';

const pages = Object.entries(explanations) as [ErrorCode, Explanation][];
const program = [...readSourceTree('src')]
  .filter(([path]) => !path.startsWith('src/explanation/'))
  .map(([, text]) => text)
  .join('\n');

function textsOf({ meaning, causes, details = {} }: Explanation): string[] {
  return [
    meaning,
    ...causes.flatMap(({ cause, tell, fix, logto }) => [
      cause,
      tell,
      fix,
      ...(logto === undefined ? [] : [logto]),
    ]),
    ...Object.values(details),
  ];
}

/** What stands in backticks. */
function spansOf(text: string): string[] {
  return [...text.matchAll(/`([^`]*)`/g)].map(([, span = '']) => span);
}

function flagsIn(text: string): string[] {
  return [...text.matchAll(/(?<=^|\s)--?[a-z][a-z-]*/g)].map(([flag]) => flag);
}

it('every code has a page, and no page is of another code', () => {
  expect(Object.keys(explanations).sort()).toEqual(Object.keys(exitCodes).sort());
});

it('every exit code has a meaning', () => {
  for (const exit of Object.values(exitCodes)) expect([...exitMeanings.keys()]).toContain(exit);
});

describe.each(pages)('the page of %s', (code, page) => {
  const texts = textsOf(page);

  it('says what it means in one sentence that fits into a table', () => {
    expect(page.meaning).toMatch(/^[A-Z][^\n|]*[\w)`]\.$/);
    expect(page.meaning).not.toMatch(/[a-z]\. [A-Z]/);
    expect(page.meaning.length).toBeLessThan(150);
  });

  it('has causes, each with how to tell it and how to fix it', () => {
    expect(page.causes.length).toBeGreaterThan(0);
    for (const { cause, tell, fix, logto = 'None, as it is.' } of page.causes) {
      expect(logto).toMatch(/^[`A-Z0-9].{5}.*[.`]$/);
      expect(cause).toMatch(/^[`A-Z].*[.]$/);
      expect(tell).toMatch(/^[`A-Z].{10}.*[.]$/);
      expect(fix).toMatch(/^[`A-Z].{5}.*[.`]$/);
    }
    expect(new Set(page.causes.map(({ cause }) => cause)).size).toBe(page.causes.length);
  });

  it('speaks of Logto only where it says so', () => {
    const { meaning, causes, details = {}, onlyAtLogto } = page;
    if (onlyAtLogto) return;
    const forEverybody = causes.flatMap((one) => (one.onlyAtLogto ? [] : [one.cause, one.tell, one.fix]));
    for (const text of [meaning, ...forEverybody, ...Object.values(details)]) {
      expect(text.replaceAll(/logto-cli|LOGTO_\w+|urn:logto\S+|logto\.\w+/g, '')).not.toMatch(
        /Logto|Console/,
      );
    }
  });

  it('is short enough to be read', () => {
    for (const text of texts) expect(text.length, text).toBeLessThan(330);
  });

  it('has backticks in pairs, and everything that looks like a flag in them', () => {
    for (const text of texts) {
      expect(text.split('`').length % 2, text).toBe(1);
      expect(flagsIn(text.replace(/`[^`]*`/g, ' ')), text).toEqual([]);
    }
  });

  it('refers to other codes only', () => {
    const others = page.seeAlso ?? [];
    expect(others).not.toContain(code);
    expect(new Set(others).size).toBe(others.length);
    for (const name of texts.flatMap(spansOf).filter((span) => /^logto-cli explain ./.test(span))) {
      expect(Object.keys(exitCodes)).toContain(name.split(' ')[2]);
    }
  });

  it('names details and variables that the program knows', () => {
    const variables = texts.flatMap((text) => text.match(/\bLOGTO_[A-Z_]*[A-Z]\b/g) ?? []);
    const inTexts = texts.flatMap((text) =>
      [...text.matchAll(/\bdetails\.(\w+)/g)].map(([, name = '']) => name),
    );
    const names = Object.keys(page.details ?? {});
    for (const name of inTexts) expect(names).toContain(name);
    for (const name of [...variables, ...names]) expect(program, name).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('the commands and flags that the pages name', () => {
  let flags: ReadonlyMap<string, ReadonlySet<string>>;
  beforeAll(async () => {
    flags = await programFlags();
  });

  it.each(pages)('are there: %s', (_code, page) => {
    const known = new Set([...flags.values()].flatMap((names) => [...names]));
    for (const span of textsOf(page).flatMap(spansOf)) {
      // What follows a lone -- belongs to another program, and so does all that begins with one.
      const words = span.replace(/ -- .*$/, '').split(/[|]/)[0] ?? '';
      const command = /logto-cli (.*)$/.exec(words)?.[1];
      if (command !== undefined && !/npm|which/.test(words)) expect(wrongIn(command), span).toEqual([]);
      else if (words.startsWith('-'))
        for (const flag of flagsIn(words)) expect([...known], span).toContain(flag);
    }
  });

  function wrongIn(command: string): string[] {
    const names = command.split(' ');
    if (names[0] === '<command>') return [];
    if (names[0]?.startsWith('-')) return flagsIn(command).filter((flag) => !flags.get('')?.has(flag));
    const own = flags.get(names.slice(0, 2).join(' ')) ?? flags.get(names[0] ?? '');
    if (own === undefined) return [names[0] ?? ''];
    return flagsIn(command).filter((flag) => !own.has(flag));
  }

  it('would be found out if they were not', () => {
    expect(wrongIn('sing-in')).toEqual(['sing-in']);
    expect(wrongIn('sign-in --bogus')).toEqual(['--bogus']);
    expect(wrongIn('profile set x --bogus')).toEqual(['--bogus']);
    expect(wrongIn('profile set x --app-id y')).toEqual([]);
  });
});
