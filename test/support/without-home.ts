import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { published } from './built.js';
import type { ProgramOutcome } from './program.js';

const homeless = ['-U', '--map-user=12345', '--map-group=12345'];
const stranger = { uid: 12_345, gid: 12_345 };
const executable = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Why no program can be run here as a user that the password file does not know, or `null` when one can. */
export function strangerMissing(): string | null {
  if (process.platform === 'win32') return 'every user of Windows has a home';
  if (hasNamespaces()) return null;
  if (process.geteuid?.() !== 0) return 'neither root nor user namespaces';
  try {
    execFileSync(process.execPath, ['--check', executable], { ...stranger, stdio: 'pipe' });
    return null;
  } catch {
    return 'no user namespaces, and Node or the checkout is out of the reach of other users';
  }
}

/** Whether there are user namespaces. In one of its own the stranger reaches what we reach, wherever that lies. */
export function hasNamespaces(): boolean {
  try {
    execFileSync('unshare', [...homeless, process.execPath, '--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs the built program as a user without `HOME` and without an entry in the password file.
 *
 * @param endsAt interrupts it as soon as it says this
 */
export async function runWithoutHome(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  endsAt?: RegExp,
): Promise<ProgramOutcome> {
  published('cli/start.cjs');
  const { HOME: _, ...env } = process.env;
  const command = [process.execPath, executable, ...args];
  const options = { env: { ...env, ...environment }, cwd: '/' };
  const child = hasNamespaces()
    ? spawn('unshare', [...homeless, ...command], options)
    : spawn(process.execPath, command.slice(1), { ...options, ...stranger });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      if (endsAt?.test(written[stream])) child.kill('SIGINT');
    });
  }
  child.stdin.end();
  const [exitCode, signal] = await once(child, 'close');
  return { exitCode, signal, ...written };
}
