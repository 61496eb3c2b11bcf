import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { published } from './built.js';
import type { ProgramOutcome } from './program.js';
import { hasNamespaces } from './without-home.js';

const executable = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Milliseconds after which a program hangs, on a machine however busy. A lock is waited for 45 s. */
const patience = 40_000;

/** Who uses the program, and who would like to be them. Neither is root, and neither is in the password file. */
const victim = 12_345;
const mallory = 54_321;

/** Why there are no two users here, or `null` when there are. */
export function secondUserMissing(): string | null {
  if (process.geteuid?.() !== 0) return 'only root can act for two users';
  return hasNamespaces() || isWithinReach()
    ? null
    : 'no user namespaces, and Node or the checkout is out of reach';
}

/** Whether Node and the checkout can be used by everybody. */
function isWithinReach(): boolean {
  try {
    execFileSync(process.execPath, ['--check', executable], { uid: victim, gid: victim, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The home of a user who has a neighbour, removed with the test. Where other users reach Node and the checkout, the user
 * is one of this machine; else root, without any power, in a namespace where that is the same user.
 */
export class SharedMachine {
  /** Where both can go. */
  readonly folder: string;
  readonly home: string;
  readonly #isUser = isWithinReach();
  readonly #umask: string;

  /** @param umask of both, as in `002` */
  constructor(umask: string) {
    this.#umask = umask;
    // Not in the folder of the test run, which other users cannot enter.
    this.folder = mkdtempSync(join(dirname(tmpdir()), 'logto-cli-two-users-'));
    chmodSync(this.folder, 0o711);
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    this.home = join(this.folder, 'home');
    mkdirSync(this.home);
    chmodSync(this.home, 0o755);
    this.giveBack(this.home);
  }

  /** Makes something the user's own, with all that is in it. */
  giveBack(path: string): void {
    chownAll(path, this.#isUser ? victim : 0);
  }

  /** Makes something the neighbour's, as open as the umask lets it be. */
  giveAway(path: string): void {
    chownAll(path, mallory);
    openAll(path, 0o777 & ~Number.parseInt(this.#umask, 8));
  }

  /** Runs the built program as the user. */
  async run(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<ProgramOutcome & { readonly hangs: boolean }> {
    published('cli/start.cjs');
    const shell = [
      'sh',
      '-c',
      `umask ${this.#umask}; exec "$@"`,
      'sh',
      process.execPath,
      executable,
      ...args,
    ];
    const namespace = ['unshare', '-U', `--map-user=${victim}`, `--map-group=${victim}`];
    const [command = '', ...rest] = this.#isUser ? shell : [...namespace, ...shell];
    const child = spawn(command, rest, {
      env: { ...process.env, HOME: this.home, LOGTO_CLI_STORAGE: 'file', ...environment },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(this.#isUser && { uid: victim, gid: victim }),
    });
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        written[stream] += text;
      });
    let hangs = false;
    const end = setTimeout(() => {
      hangs = true;
      child.kill('SIGKILL');
    }, patience);
    const [exitCode, signal] = await once(child, 'close');
    clearTimeout(end);
    return { exitCode, signal, ...written, hangs };
  }

  /** What the neighbour can read of what is below a path, or write to. */
  withinReach(path: string): string[] {
    const find = ['find', path, '(', '-readable', '-o', '-writable', ')', '-not', '-type', 'l', '-print'];
    try {
      // It complains of what it cannot look into, which is as it should be.
      return linesOf(
        execFileSync(find[0] ?? '', find.slice(1), { uid: mallory, gid: mallory, stdio: 'pipe' }),
      );
    } catch (error) {
      return linesOf((error as { stdout: Buffer }).stdout);
    }
  }
}

function linesOf(output: Buffer): string[] {
  return String(output).split('\n').slice(0, -1);
}

function chownAll(path: string, user: number): void {
  const found = lstatSync(path);
  (found.isSymbolicLink() ? lchownSync : chownSync)(path, user, user);
  if (found.isDirectory()) for (const name of readdirSync(path)) chownAll(join(path, name), user);
}

function openAll(path: string, mode: number): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() ? mode : mode & 0o666);
  if (found.isDirectory()) for (const name of readdirSync(path)) openAll(join(path, name), mode);
}
