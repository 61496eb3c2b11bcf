import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCommandTable } from '../../src/cli/make-command-table.js';
import { createProgram } from '../../src/cli/program.js';
import { completionShells } from '../../src/completion/shells.js';
import { published } from '../support/built.js';
import { executable } from '../support/capabilities.js';
import { documentOf, runProgram } from '../support/program.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function answerOf(shell: string, ...words: readonly string[]): Promise<readonly string[]> {
  const home = await temporaryDirectory();
  const stdin = words.map((word) => `${word}\0`).join('');
  const outcome = await runProgram(['completion', '--complete', shell], { home, stdin });
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout.trimEnd().split('\n');
}

describe('the table of commands in what users get', () => {
  const table = JSON.parse(readFileSync(published('completion/command-table.json'), 'utf8'));

  it('is that of these commands', async () => {
    expect(table).toEqual(await makeCommandTable());
  });

  it('has every command and every flag of the argument parser', async () => {
    const names = (await createProgram(undefined, async () => {})).commands.map((command) => command.name());
    expect(table.program.commands.map((command: { names: string[] }) => command.names[0])).toEqual(names);
    for (const [index, name] of names.entries()) {
      const program = await createProgram(name, async () => {});
      const walk = (parsed: (typeof program.commands)[number], own: typeof table.program): void => {
        const flags = own.flags.flatMap((place: number) => table.flags[place].names);
        const wanted = parsed.options.flatMap(({ short, long }) => [short, long]).filter(Boolean);
        expect(flags.toSorted(), parsed.name()).toEqual([...wanted, '-h', '--help'].toSorted());
        expect(own.names).toEqual([parsed.name(), ...parsed.aliases()]);
        expect(own.commands).toHaveLength(parsed.commands.length);
        for (const [place, inner] of parsed.commands.entries()) walk(inner, own.commands[place]);
      };
      const parsed = program.commands[index];
      if (parsed === undefined) throw new Error(`${name} is no command`);
      walk(parsed, table.program.commands[index]);
    }
  });

  it('has as repeatable what the argument parser collects', async () => {
    for (const name of table.program.commands.map((command: { names: string[] }) => command.names[0])) {
      const program = await createProgram(name, async () => {});
      const command = program.commands.find((other) => other.name() === name);
      const collected = (command?.options ?? []).filter(({ parseArg, hidden }) => {
        const read = (value: string) => {
          try {
            return parseArg?.(value, undefined);
          } catch {
            return null;
          }
        };
        return (
          !hidden && ['https://a.example', 'a=b', 'github', 'a'].some((value) => Array.isArray(read(value)))
        );
      });
      const own = table.program.commands.find((other: { names: string[] }) => other.names[0] === name);
      for (const { long } of collected) {
        // Two are refused with words of their own.
        if (long === '--resource' && ['token', 'verify', 'exec'].includes(name)) continue;
        const place = own.flags.find((flag: number) => table.flags[flag].names.includes(long));
        expect(table.flags[place].isRepeatable, `${name} ${long}`).toBe(true);
      }
    }
  });

  it('has what the program itself lists', async () => {
    const home = await temporaryDirectory();
    const checks = documentOf(await runProgram(['test', '--list', '--json'], { home })) as {
      checks: { id: string }[];
    };
    expect(await answerOf('fish', 'test', '--only', '')).toEqual(
      expect.arrayContaining(checks.checks.map(({ id }) => id)),
    );
    const codes = documentOf(await runProgram(['explain', '--json'], { home })) as {
      codes: { code: string }[];
    };
    expect(await answerOf('fish', 'explain', '')).toEqual(
      expect.arrayContaining(codes.codes.map(({ code }) => code)),
    );
  });
});

describe('the hidden entry', () => {
  it('answers a shell that it knows', async () => {
    expect(await answerOf('zsh', 'sign-in', '--storage=f')).toEqual(
      expect.arrayContaining(['values', 'file']),
    );
  });

  it('tells the profiles that a command can name, whatever stands in the configuration', async () => {
    const home = await temporaryDirectory();
    const profiles = Object.fromEntries(['web', 'a b', '$(id)', '--json', 'x\ny'].map((name) => [name, {}]));
    const write = (text: string, mode = 0o600) => writeFileSync(join(home, 'config.json'), text, { mode });
    const names = async () => {
      const stdin = 'profile\0use\0\0';
      const outcome = await runProgram(['completion', '--complete', 'fish'], { home, stdin });
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      return outcome.stdout;
    };
    write(JSON.stringify({ version: 1, profiles }));
    expect(await names()).toBe('values\n\nweb\nprofile\n');
    // Somebody else could have written it.
    chmodSync(join(home, 'config.json'), 0o666);
    if (process.platform !== 'win32') expect(await names()).not.toContain('web');
    chmodSync(join(home, 'config.json'), 0o600);
    write('{');
    expect(await names()).not.toContain('web');
  });

  it('is unknown to whoever types it', async () => {
    const home = await temporaryDirectory();
    for (const args of [['--complete', 'tcsh'], ['--complete'], ['--complete', 'bash', 'more']]) {
      const outcome = await runProgram(['completion', ...args], { home });
      expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    }
    const typed = await runProgram(['completion', '--complete', 'bash'], { home, terminal: true });
    expect(typed.stdout).toContain("Unknown option '--complete' (usage_invalid)");
  });
});

describe('logto-cli completion', () => {
  it.each(completionShells)('prints the script of %s, with the one line to have it', async (shell) => {
    const home = await temporaryDirectory();
    const { exitCode, stdout, stderr } = await runProgram(['completion', shell], { home });
    const ending = shell === 'powershell' ? 'ps1' : shell;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join('src', 'completion', `logto-cli.${ending}`), 'utf8'));
    const help = await runProgram(['completion', '--help'], { home });
    const line = help.stdout.split('\n').find((each) => each.includes(`logto-cli completion ${shell}`)) ?? '';
    expect(stdout).toContain(`\n#${line.replace('$', ' ').replace(/^ +/, '   ')}\n`);
    // What was typed is no argument of anything that is started.
    expect(stdout).not.toMatch(/logto-cli completion --complete \w+ [^2)|]/);
  });

  it.each(['bash', 'zsh', 'fish'].filter((shell) => executable(shell) !== null))(
    'prints what %s can read',
    async (shell) => {
      const home = await temporaryDirectory();
      const { stdout } = await runProgram(['completion', shell], { home });
      const script = join(home, 'script');
      writeFileSync(script, stdout);
      expect(await runCommand(shell, ['-n', script])).toMatchObject({ status: 0, stderr: '' });
    },
  );

  it('asks for a shell, and says which there are', async () => {
    const outcome = await runProgram(['completion'], { home: await temporaryDirectory() });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('bash, zsh, fish, powershell');
  });
});
