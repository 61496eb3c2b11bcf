import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { secretVariables } from '../../../src/secret-variables.js';
import type { LyingProvider } from '../../support/lying-provider.js';
import { type ProgramOutcome, type RunningProgram, runProgram, startProgram } from '../../support/program.js';
import { watchProcesses } from './processes.js';
import { formsOf } from './secret-forms.js';

/** How a command is run. */
export interface CanaryRun {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** `null`: any. */
  readonly exitCode?: number | null;
  /** Its standard output holds a token, because that is its purpose. */
  readonly printsToken?: boolean;
  /** It has no flag `--verbose`. */
  readonly isQuiet?: boolean;
  /** It runs on a terminal, where everything is on one stream. */
  readonly terminal?: boolean;
  /** What somebody does while it runs; standard input stays open for that. */
  readonly during?: (program: RunningProgram) => Promise<void>;
}

/** Secrets that everybody knows at first sight. */
export const secrets = {
  app: 'canary-of-the+app/secret%22"\\=',
  profile: 'canary-of-the-profile-secret',
  machine: 'canary-of-the-machine-secret',
  oneTime: 'canary-of-the-one-time-token',
  password: 'canary-of-the-password',
  subject: 'canary-of-the-subject-token',
  actor: 'canary-of-the-actor-token',
  typed: 'canary-of-what-was-typed-unseen',
  device: 'canary-of-the-device-code',
  control: 'canary-of-the-key-of-an-emulator',
} as const;

/** A secret in every variable that may hold one, but for those that a run is to use. */
const others = Object.fromEntries(
  secretVariables
    // A key that is none ends every command; a real one is looked for where it is used.
    .filter(
      (name) => !['LOGTO_APP_SECRET', 'LOGTO_CLI_ONE_TIME_TOKEN', 'LOGTO_CLI_CLIENT_KEY'].includes(name),
    )
    .map((name) => [name, `canary-in-${name}`]),
);

/**
 * Runs the program in one home at one provider, and writes down everything that anybody could read of it: then no
 * secret must be in it, in any form.
 */
export class Canary {
  readonly #read: { readonly where: string; readonly text: string }[] = [];
  readonly #flags = new Map<string, Promise<boolean>>();
  #count = 0;
  #visits = 0;

  constructor(
    readonly home: string,
    /** Who is asked, and what was issued. */
    readonly provider: Pick<LyingProvider, 'requests' | 'issued'>,
  ) {}

  /** Every secret so far: what was issued, and what the program sent. */
  secrets(): string[] {
    const sent = this.provider.requests.flatMap(({ form, headers }) => {
      // A code that was made up to see what the provider says of the client is no secret, nor what comes with it.
      const isMadeUp = form.has('code') && !this.provider.issued.includes(form.get('code') ?? '');
      const names = [
        'refresh_token',
        'client_secret',
        'client_assertion',
        'token',
        'device_code',
        ...(isMadeUp ? [] : ['code', 'code_verifier']),
      ];
      return [...names.map((name) => form.get(name)), headers.authorization?.split(' ')[1]];
    });
    const all = [...Object.values({ ...secrets, ...others }), ...this.provider.issued, ...sent];
    return [...new Set(all.filter((secret) => typeof secret === 'string' && secret.length > 7))] as string[];
  }

  /** Runs a command to its end, with everything that makes it talk. */
  async run(args: readonly string[], options: CanaryRun = {}): Promise<ProgramOutcome> {
    const { environment = {}, stdin, exitCode = 0, printsToken = false, isQuiet = false } = options;
    const { terminal = false, during } = options;
    const [command = ''] = args;
    const length = ['profile', 'config'].includes(command) ? 2 : 1;
    const words = [
      ...args.slice(0, length),
      ...(isQuiet ? [] : ['--verbose']),
      ...((await this.#traces(command)) ? [this.#trace()] : []),
      ...args.slice(length),
    ];
    const watched = watchProcesses();
    const program = startProgram(words, {
      home: join(this.home, 'home'),
      ...(stdin !== undefined && { stdin }),
      ...(terminal && { terminal, columns: 200 }),
      keepsInput: during !== undefined,
      environment: {
        TMPDIR: this.home,
        LOGTO_CLI_STORAGE: 'file',
        BROWSER: fileURLToPath(new URL('browser.js', import.meta.url)),
        CANARY_RECORD: this.#recordPath,
        ...(terminal && { TERM: 'xterm-256color' }),
        ...others,
        ...environment,
      },
    });
    await during?.(program);
    const outcome = await program.ended;
    watched.stop();
    const where = `logto-cli ${args.join(' ')}`;
    const isExpected = exitCode === null || outcome.exitCode === exitCode;
    expect({ where, ...(isExpected ? { exitCode } : outcome) }).toEqual({ where, exitCode });
    if (/^Opening the browser/m.test(outcome.stderr)) {
      this.#visits += 1;
      await expect.poll(() => this.#records(), { timeout: 20_000 }).toHaveLength(this.#visits);
    }
    // The address may hold what belongs into it, a one-time token among that, and nothing else of it may.
    const { addresses, rest } = addressesIn(terminal ? outcome.stdout : outcome.stderr);
    const shown = addresses.map((address) => address.replaceAll(secrets.oneTime, 'one-time'));
    this.#add(where, terminal ? 'the terminal' : 'stderr', rest);
    this.#add(where, 'the address', shown.join('\n'));
    if (!printsToken && !terminal) this.#add(where, 'stdout', outcome.stdout);
    const parameters = addresses.flatMap((address) => [...new URL(address).searchParams]);
    const ours = parameters
      // The nonce is a claim of the ID token, too, which a terminal shows beside all else.
      .filter(([name]) => name === 'state' || (name === 'nonce' && !terminal))
      .map(([, value]) => value);
    this.#expectNone([{ where, text: rest }], ours);
    for (const line of watched.seen.commandLines) {
      this.#add(where, 'a command line', line.replaceAll(secrets.oneTime, 'one-time'));
    }
    for (const text of watched.seen.environments) {
      this.#add(
        where,
        "a child's environment",
        printsToken ? text.replace(/^LOGTO_ACCESS_TOKEN=.*$/m, '') : text,
      );
    }
    return outcome;
  }

  /** No secret is anywhere where it does not belong. */
  expectNothing(): void {
    const kept = ['home/sessions'];
    const files = existsSync(this.home) ? readdirSync(this.home, { recursive: true, encoding: 'utf8' }) : [];
    for (const name of files) {
      const path = join(this.home, name);
      if (kept.some((folder) => name.startsWith(folder)) || !statSync(path).isFile()) continue;
      this.#add(
        'afterwards',
        `the file ${name}`,
        readFileSync(path, 'utf8').replaceAll(secrets.oneTime, 'one-time'),
      );
    }
    expect(this.#read.length).toBeGreaterThan(0);
    this.#expectNone(
      this.#read.map(({ where, text }) => ({ where, text })),
      this.secrets(),
    );
  }

  /** Writes down what could be read elsewhere. */
  saw(what: string, text: string): void {
    this.#add('somebody', what, text);
  }

  #add(command: string, part: string, text: string): void {
    this.#read.push({ where: `${part} of ${command}`, text });
  }

  #expectNone(
    read: readonly { readonly where: string; readonly text: string }[],
    unwanted: readonly string[],
  ): void {
    const found = read.flatMap(({ where, text }) =>
      unwanted
        .filter((secret) => formsOf(secret).some((form) => text.includes(form)))
        .map((secret) => `${secret} in ${where}`),
    );
    expect(found).toEqual([]);
  }

  get #recordPath(): string {
    return join(this.home, 'browser.txt');
  }

  #records(): string[] {
    return existsSync(this.#recordPath)
      ? readFileSync(this.#recordPath, 'utf8').split('\n').slice(0, -1)
      : [];
  }

  /** On stderr, or in a file of each kind, in turn. */
  #trace(): string {
    const kind = ['', '=trace.txt', '=trace.json', '=trace.html', '=trace.har'][this.#count++ % 5] ?? '';
    return `--trace${kind.replace('=', `=${this.home}/${this.#count}-`)}`;
  }

  #traces(command: string): Promise<boolean> {
    const known =
      this.#flags.get(command) ??
      runProgram([command, '--help'], { home: this.home }).then(({ stdout }) => stdout.includes('--trace'));
    this.#flags.set(command, known);
    return known;
  }
}

/** The addresses of a text that a browser is to open, each alone on its line or in its event, and what else there is. */
function addressesIn(text: string): { readonly addresses: readonly string[]; readonly rest: string } {
  const addresses: string[] = [];
  const rest = text.split('\n').map((line) => {
    // Above a line that is redrawn, which a terminal takes back.
    const plain = line.replaceAll('\r', '').replaceAll('\u001b[2K', '');
    const [, url] = /^\{"event":"authorization_url","url":"([^"]+)"/.exec(plain) ?? [];
    const address = url ?? (/^https?:\/\/\S+$/.test(plain) ? plain : undefined);
    if (address === undefined) return line;
    addresses.push(address);
    return line.replace(address, '');
  });
  // An address that is copied is no more than the one that is shown.
  const copied = copiedIn(text).filter((copy) => !addresses.includes(copy));
  const told = addresses.reduce((shown, address) => shown.replaceAll(copyOf(address), ''), rest.join('\n'));
  return { addresses, rest: [told, ...copied].join('\n') };
}

/** What a terminal is told to copy (OSC 52). */
export function copiedIn(text: string): readonly string[] {
  const [, ...copies] = text.split(']52;c;');
  return copies.map((copy) => Buffer.from(copy.split('\u0007')[0] ?? '', 'base64').toString());
}

function copyOf(text: string): string {
  return `]52;c;${Buffer.from(text).toString('base64')}`;
}
