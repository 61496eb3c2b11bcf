import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { makeCommandTable } from '../../src/cli/make-command-table.js';
import { failureOf } from '../support/failure-of.js';

const { program } = await makeCommandTable();
const paths = program.commands.flatMap(({ names: [name = ''], commands }) => [
  ...(commands.length === 0 || name === 'emulator' ? [[name]] : []),
  ...commands.map(({ names: [inner = ''] }) => [name, inner]),
]);

/** The flags of a command that take a value, but those that are refused whatever that is. */
async function valueFlags(path: readonly string[]) {
  const { options } = await readCommandLine(path, async () => {});
  return options.filter(({ required, hidden }) => required && !hidden);
}

const flagsOf = await Promise.all(
  paths.map(async (path) => [path.join(' '), path, await valueFlags(path)] as const),
);

describe('a flag that is given empty', () => {
  it.each(flagsOf.filter(([, , flags]) => flags.length > 0))(
    'is refused by name: %s',
    async (_, path, flags) => {
      for (const { long } of flags) {
        for (const given of [[`${long}`, ''], [`${long}=`], [`${long}`, ' \t']]) {
          const { program, argv } = await readCommandLine([...path, ...given], async () => {});
          const failure = await failureOf(program.parseAsync(argv, { from: 'user' }));
          expect(failure).toMatchObject({
            code: 'config_invalid',
            message: `${long} is given, and its value is empty.`,
          });
          expect(failure.hint).toMatch(
            new RegExp(`^Give it one, ${long} <[^<>]+>, or leave the flag out\\.`),
          );
        }
      }
    },
  );

  it.each(['sign-in', 'test', 'token'])('is refused with quotes around nothing: %s', async (name) => {
    for (const { long } of await valueFlags([name])) {
      const { program, argv } = await readCommandLine([name, `${long}`, ' " " '], async () => {});
      expect(await failureOf(program.parseAsync(argv, { from: 'user' }))).toMatchObject({
        code: 'config_invalid',
        message: `${long} is given, and its value is empty but for the quotes.`,
      });
    }
  });

  it('is one of a command that there is', () => {
    expect(flagsOf.map(([name]) => name)).toEqual(
      expect.arrayContaining(['sign-in', 'profile set', 'emulator', 'emulator set']),
    );
  });
});
