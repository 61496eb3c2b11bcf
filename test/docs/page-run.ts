import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { built } from '../support/built.js';
import { freePort } from '../support/free-port.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import type { ShownCommand } from './shown-commands.js';

const browser = fileURLToPath(new URL('../support/browser-command.js', import.meta.url));
const application = fileURLToPath(new URL('../sample-application/main.js', import.meta.url));
const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** What a shell printed, both streams as a terminal shows them. */
export interface Printed {
  readonly text: string;
  /** `null` while it still runs. */
  readonly exitCode: number | null;
}

/**
 * A folder and a shell in which the commands of a page run as they stand there. The ports, the provider and what is
 * secret are others here; a person's browser is a program.
 */
export class PageRun {
  readonly #running: ChildProcess[] = [];
  readonly #variables: Record<string, string> = {};

  private constructor(
    readonly folder: string,
    /** Where the emulator is, and where the browser comes back to. */
    readonly ports: { readonly emulator: number; readonly callback: number; readonly other: number },
  ) {}

  /** @param startsEmulator whether the page starts the emulator that it speaks of */
  static async start(startsEmulator: boolean): Promise<PageRun> {
    built('index.js');
    const ports = { emulator: await freePort(), callback: await freePort(), other: await freePort() };
    const run = new PageRun(await temporaryDirectory(), ports);
    const { callback } = ports;
    const tool = async (name: string, text: string) => {
      await writeFile(join(run.folder, name), text);
      await chmod(join(run.folder, name), 0o755);
    };
    // With the addresses of this machine that a reader has no reason to name.
    const [back, home] = [`http://localhost:${callback}/callback`, `http://localhost:${callback}/`];
    await tool(
      'logto-cli',
      `#!${process.execPath}
const [command, ...flags] = process.argv.slice(2);
const given = {
  'sign-in': ['--port', '${callback}'],
  doctor: ['--port', '${callback}'],
  test: ['--port', '${callback}'],
  emulator: ['--port', '${startsEmulator ? ports.emulator : 0}', '--redirect-uri', '${back}', '--post-logout-redirect-uri', '${home}'],
}[command] ?? [];
const isGiven = flags.includes('--port') || flags.includes('--schema');
process.argv.splice(2, Infinity, command, ...(isGiven ? [] : given), ...flags);
import(${JSON.stringify(pathToFileURL(program).href)});
`,
    );
    // The reader's own application, which `npm start` starts.
    await tool('npm', `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(application)}\n`);
    await tool('npx', '#!/bin/sh\n[ "$1" = -y ] && shift\nexec "$@"\n');
    await tool(
      'jq',
      `#!${process.execPath}
let text = '';
process.stdin.on('data', (part) => { text += part; }).on('end', () => {
  const value = process.argv[2].split('.').filter(Boolean).reduce((at, name) => at[name], JSON.parse(text));
  console.log(JSON.stringify(value, null, 2));
});
`,
    );
    await tool(
      'curl',
      `#!${process.execPath}
const [, header, url] = process.argv.slice(2);
const [, name, value] = /^(.*?): (.*)$/s.exec(header);
fetch(url, { headers: { [name]: value } }).then((answer) => answer.text()).then((text) => process.stdout.write(text));
`,
    );
    await writeFile(
      join(run.folder, 'call-api.js'),
      "process.exit(process.env.LOGTO_ACCESS_TOKEN?.split('.').length > 0 ? 0 : 1);\n",
    );
    return run;
  }

  /** A text of a page, as it is here. */
  here(text: string): string {
    const { emulator, callback, other } = this.ports;
    return text
      .replaceAll('https://tenant.logto.app', `http://localhost:${emulator}`)
      .replaceAll(/\b(abc123|def456)\b/g, 'emulator-native')
      .replaceAll('localhost:4000', `localhost:${emulator}`)
      .replaceAll('localhost:3000', `localhost:${callback}`)
      .replaceAll('8080', `${other}`)
      .replaceAll('keychain', 'file');
  }

  /** Runs a command as a person would who reads the page; an emulator goes on until {@link end}. */
  async run({ command, environment }: Pick<ShownCommand, 'command' | 'environment'>): Promise<Printed> {
    const [, name, value = ''] = /^export (\w+)=(.*)$/.exec(command) ?? [];
    if (name !== undefined) {
      this.#variables[name] = secretOr(value);
      return { text: '', exitCode: 0 };
    }
    const given = Object.entries(environment).map(([variable, text]) => [
      variable,
      this.here(secretOr(text)),
    ]);
    const child = spawn('sh', ['-c', `exec 2>&1; ${this.here(command)}`], {
      cwd: this.folder,
      env: {
        ...process.env,
        LOGTO_CLI_HOME: join(this.folder, 'home'),
        LOGTO_CLI_STORAGE: 'file',
        BROWSER: browser,
        TEST_BROWSER_USER: JSON.stringify({ username: 'alice', password: 'emulator-only-alice' }),
        TEST_BROWSER_RECORD: join(this.folder, 'browser.json'),
        ...this.#variables,
        ...Object.fromEntries(given),
        PATH: `${this.folder}${delimiter}${process.env['PATH']}`,
      },
      detached: true,
    });
    this.#running.push(child);
    let text = '';
    const isEmulator = /^logto-cli emulator\b(?!.*--schema)/.test(command);
    const ready = new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('Ctrl-C ends it.\n')) resolve();
      });
    });
    const ended = once(child, 'close');
    const [, file] = /> (\S+)$/.exec(command) ?? [];
    if (!isEmulator) await ended;
    else if (file === undefined) await Promise.race([ended, ready]);
    else
      await expect.poll(() => readFile(join(this.folder, file), 'utf8'), { timeout: 20_000 }).toContain('\n');
    return { text, exitCode: child.exitCode };
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    for (const child of this.#running.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )) {
      const ended = once(child, 'close');
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
  }
}

/** What a page leaves out, or leaves to the settings of a job. */
function secretOr(value: string): string {
  return value === '…' || value.startsWith('${{') ? 'emulator-only-alice' : value;
}
