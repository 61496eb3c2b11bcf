import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { commandsIn } from '../../src/output/command-text.js';
import { readSourceTree } from '../support/source-tree.js';
import { Recorder } from '../support/test-runtime.js';

/** What the parser says of a line that nobody could run, whatever stands in the place of a value. */
const unusable = [
  'commander.unknownOption',
  'commander.missingArgument',
  'commander.optionMissingArgument',
  'commander.excessArguments',
];

/** The texts of ours on a line of source, with a word in the place of whatever is put into them. */
function textsIn(line: string): string[] {
  const plain = line
    .replaceAll(/\$\{shellWords\([^`]*?\)\}/g, '')
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '1')
    .replaceAll(/\\(['"`])/g, '$1');
  return [...plain.matchAll(/(['"`])((?:(?!\1).)*logto-cli (?:(?!\1).)*)\1/g)].map(([, , text = '']) => text);
}

/** The commands of ours in a text. */
function hintedIn(text: string): string[] {
  return commandsIn(text)
    .map(
      ({ start, end }) =>
        (text[start - 1] === '(' ? text.slice(start, end).split(')')[0] : text.slice(start, end)) ?? '',
    )
    .filter((command) => command.startsWith('logto-cli '));
}

/** A command as a shell would hand it over, up to what is the shell's own; what has to be filled in is one word. */
function wordsOf(command: string): string[] {
  const [own = ''] = command.slice('logto-cli '.length).split(/ (?:[<>|] |\|\| |&& )/);
  return [...own.matchAll(/(?:<[^>]*>|'[^']*'|"[^"]*"|[^\s'"<])+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ''),
  );
}

async function problemOf(words: readonly string[]): Promise<string | null> {
  try {
    const { program, argv } = await readCommandLine(words, async () => {}, new Recorder());
    await program.parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    // A value that stands for another one may be none of that flag.
    return unusable.includes(code) || code === 'usage_invalid' ? message : null;
  }
}

/** These write commands out of tables: see the rule that quotes what is put into one. */
const writers = ['src/cli/given-flags.ts', 'src/cli/unknown-words.ts', 'src/cli/watched-run.ts'];

const hinted = [...readSourceTree('src')].flatMap(([path, text]) =>
  path.startsWith('src/help/') || writers.includes(path)
    ? []
    : text
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
        .flatMap((line) => textsIn(line).flatMap(hintedIn))
        .filter((command) => !/^logto-cli (?:help )?<(?:command|topic)>/.test(command))
        .map((command) => [command, path] as const),
);

describe('a command that is shown', () => {
  it('is found', () => {
    expect(hinted.length).toBeGreaterThan(200);
  });

  it('can be run, or has <…> where something is to be filled in', async () => {
    const problems = new Map<string, string>();
    for (const [command, path] of hinted) {
      const problem = /…/.test(command) ? 'It has … in it.' : await problemOf(wordsOf(command));
      if (problem !== null) problems.set(`${path}: ${command}`, problem);
    }
    expect(Object.fromEntries(problems)).toEqual({});
  });

  it.each([
    'logto-cli profile set',
    'logto-cli profile set 1 --endpoint',
    'logto-cli whoami --nothing',
    'logto-cli nothing',
    'logto-cli whoami <user>',
  ])('would be found if it could not: %s', async (command) => {
    expect(await problemOf(wordsOf(command))).not.toBeNull();
  });
});
