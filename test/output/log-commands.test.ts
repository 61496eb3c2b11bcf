import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentWithoutCommands, isLogRead, withoutCommands } from '../../src/output/log-commands.js';
import { paintWith } from '../../src/output/paint.js';
import { escaped, plainText } from '../../src/output/plain-text.js';
import { outsideText } from '../fuzz/outside.js';
import { fuzz } from '../fuzz/seed.js';
import { commandsInLog, logCommands } from '../support/log-reader.js';

fuzz();

/** What a person does who wants the text: a backslash less between two such signs. */
function restored(line: string): string {
  return line
    .replace(/#\\(?=[\\\p{Cf}\p{Default_Ignorable_Code_Point}]*#)/gu, '#')
    .replace(
      /^([\s\p{Cf}\p{Default_Ignorable_Code_Point}]*:)\\(?=[\\\p{Cf}\p{Default_Ignorable_Code_Point}]*:)/u,
      '$1',
    );
}

/** Texts that are commands, nearly so, or were broken before. */
const nearCommand = () =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...logCommands,
          '#',
          '##',
          ':',
          '::',
          '\\',
          '[error]',
          '::a',
          ' ',
          '\u00a0',
          '\u3000',
        ),
        fc.constantFrom('\u00ad', '\u200b', '\ufeff', '\u2060', '\ufff9', '\u{e0001}'),
        outsideText(),
      ),
      { maxLength: 8 },
    )
    .map((parts) => plainText(parts.join('')));

describe('a log is read for commands', () => {
  it.each(['CI', 'GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'])('where %s is set', (name) => {
    expect(isLogRead({ [name]: 'true' })).toBe(true);
    expect(isLogRead({ [name]: '' })).toBe(false);
  });

  it('nowhere else', () => expect(isLogRead({ HOME: '/home/alice' })).toBe(false));
});

describe('a line without commands', () => {
  it.each(logCommands)('has no %s', (command) => {
    expect(commandsInLog(command)).toHaveLength(1);
    for (const line of [command, `  ${command}`, `\u00a0\u3000${command}`, `\ufeff${command}`]) {
      expect(commandsInLog(withoutCommands(line))).toEqual([]);
    }
    expect(commandsInLog(withoutCommands(paintWith('1').red(command)))).toEqual([]);
  });

  it.each([
    ['::error::a', ':\\:error::a'],
    [' ::error::a', ' :\\:error::a'],
    [':\\:error::a', ':\\\\:error::a'],
    ['a ::error::b', 'a ::error::b'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['a ##[error]b', 'a #\\#[error]b'],
    ['###', '#\\#\\#'],
    ['#\\#', '#\\\\#'],
    ['#\u00ad#[error]', '#\\\u00ad#[error]'],
    ['#1 # 2', '#1 # 2'],
  ])('is marked by a backslash that is seen: %j', (text, marked) => {
    expect(withoutCommands(text)).toBe(marked);
    expect(restored(marked)).toBe(text);
  });

  it('has none whatever it was, and is the text again without the backslashes', () => {
    fc.assert(
      fc.property(nearCommand(), (text) => {
        const line = withoutCommands(text);
        expect(commandsInLog(line)).toEqual([]);
        expect(restored(line)).toBe(text);
      }),
    );
  });
});

describe('a document without commands', () => {
  it('is the same JSON', () => {
    fc.assert(
      fc.property(nearCommand(), nearCommand(), (name, value) => {
        const json = documentWithoutCommands(JSON.stringify({ [name]: [value] }, null, 2), escaped);
        expect(commandsInLog(json)).toEqual([]);
        expect(JSON.parse(json)).toEqual({ [name]: [value] });
      }),
    );
  });
});
