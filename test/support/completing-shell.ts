import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { published } from './built.js';
import { executable, told } from './capabilities.js';

/** A shell in which words are completed with Tab. */
export type ShellName = 'bash' | 'zsh' | 'fish';

/** Why words cannot be completed here in that shell; `null` where they can. */
export function shellMissing(name: ShellName): string | null {
  return told(name, () => (executable(name) === null ? 'not installed' : null));
}

/** Where a shell is, and what it and the programs that it starts have done. */
export interface ShellPlace {
  /** An empty directory of the test's own. */
  readonly directory: string;
  /** The working directory of the shell. */
  readonly work: string;
  /** `LOGTO_CLI_HOME` */
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** All arguments that `logto-cli` was ever started with there. */
  readonly heard: () => string;
}

/** A home with the built program as `logto-cli` on its PATH, which writes down its arguments. */
export function shellPlace(directory: string): ShellPlace {
  published('cli/start.cjs');
  const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
  const [bin, work, home, user] = ['bin', 'work', 'home', 'user'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [bin, work, home, join(user, '.config', 'fish')])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  const arguments_ = join(directory, 'arguments');
  const run = `exec '${process.execPath}' '${program}' "$@"`;
  writeFileSync(join(bin, 'logto-cli'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${arguments_}'\n${run}\n`);
  chmodSync(join(bin, 'logto-cli'), 0o755);
  return {
    directory,
    work,
    home,
    environment: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: user,
      LOGTO_CLI_HOME: home,
      LC_ALL: 'C.UTF-8',
      TERM: 'dumb',
      INPUTRC: '/dev/null',
    },
    heard: () => (existsSync(arguments_) ? readFileSync(arguments_, 'utf8') : ''),
  };
}

/** Writes the profiles of a place, whatever their names are. */
export function writeProfiles({ home }: ShellPlace, names: readonly string[]): void {
  const profiles = Object.fromEntries(names.map((name) => [name, {}]));
  writeFileSync(join(home, 'config.json'), JSON.stringify({ version: 1, profiles }), { mode: 0o600 });
}

/** Does as the help says: runs the one line of a shell, in a shell. */
export function installCompletion({ environment, work }: ShellPlace, name: ShellName): void {
  const help = execFileSync('logto-cli', ['completion', '--help'], { env: environment, encoding: 'utf8' });
  const line = help.split('\n').find((each) => each.includes(`logto-cli completion ${name}`));
  if (line === undefined) throw new Error(`the help has no line for ${name}:\n${help}`);
  execFileSync('sh', ['-c', line.replace(/^ *\$ /, '')], { env: environment, cwd: work });
}

/** What fish would offer for a command line; each with what it is. */
export function fishOffers({ environment, work }: ShellPlace, line: string): readonly string[] {
  const output = execFileSync('fish', ['-c', 'complete -C "$argv[1]"', line], {
    env: environment,
    cwd: work,
    encoding: 'utf8',
  });
  return output.split('\n').filter((each) => each !== '');
}

/** Bash or zsh on a terminal, with the completion that has been installed. */
export class CompletingShell {
  readonly #child: ChildProcessWithoutNullStreams;
  #written = '';

  constructor(name: 'bash' | 'zsh', { environment, work }: ShellPlace) {
    const show = {
      // What is on the line is told by Ctrl-G, and Tab behind a list does not ask whether it is to be shown.
      bash: `bind -x '"\\C-g": printf "\\n<%s:%s>\\n" line "$READLINE_LINE"'\nbind 'set bell-style none'\nbind 'set completion-query-items 0'\nbind 'set page-completions off'\n`,
      zsh: `dump() { printf '\\n<%s:%s>\\n' line "$BUFFER" }\nzle -N dump\nbindkey '^G' dump\nbindkey '^U' kill-whole-line\nunsetopt beep\nLISTMAX=0\n`,
    };
    const rc = join(environment['HOME'] ?? '', name === 'bash' ? '.bashrc' : '.zshrc');
    appendFileSync(rc, `PS1='> '\n${show[name]}printf '<%s>\\n' ready\n`);
    const args = { bash: '--noprofile -i', zsh: '-d -i' }[name];
    const command = `stty rows 50 cols 160; exec ${name} ${args}`;
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...environment, SHELL: '/bin/sh' },
      cwd: work,
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
    });
    this.#child.stdin.on('error', () => {});
  }

  /** Resolves when its first prompt is there. */
  async ready(): Promise<void> {
    await this.#said(/<ready>/);
  }

  /**
   * Types a line, with Tab where `\t` is.
   *
   * @returns what stands on the line then, and what has been shown on the way
   */
  async type(keys: string): Promise<{ readonly line: string; readonly shown: string }> {
    this.#written = '';
    this.#child.stdin.write(`\u0005\u0015${keys}\u0007`);
    const [whole, line = ''] = await this.#said(/<line:(.*)>/);
    return { line, shown: this.#written.slice(0, this.#written.indexOf(whole)) };
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#written);
      if (found !== null) return found;
      if (this.#child.exitCode !== null) throw new Error(`the shell ended:\n${this.#written}`);
      await once(this.#child.stdout, 'data');
    }
  }
}

/** Starts a shell, which ends with the test. */
export async function startShell(name: 'bash' | 'zsh', place: ShellPlace): Promise<CompletingShell> {
  const shell = new CompletingShell(name, place);
  onTestFinished(() => shell.end());
  await shell.ready();
  return shell;
}
