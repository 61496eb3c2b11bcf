import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { built } from './built.js';
import type { ProgramOutcome } from './program.js';

const homeless = ['-U', '--map-user=12345', '--map-group=12345'];

/** Why no program can be run here as a user that the password file does not know, or `null` when one can. */
export function strangerMissing(): string | null {
  if (process.platform === 'win32') return 'every user of Windows has a home';
  try {
    execFileSync('unshare', [...homeless, 'true'], { stdio: 'pipe' });
    return null;
  } catch {
    return process.geteuid?.() === 0 ? null : 'neither root nor user namespaces';
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
  built('cli/main.js');
  const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
  const { HOME: _, ...env } = process.env;
  const command = [process.execPath, program, ...args];
  const options = { env: { ...env, ...environment }, cwd: '/' };
  const child =
    process.geteuid?.() === 0
      ? spawn(process.execPath, command.slice(1), { ...options, uid: 12_345, gid: 12_345 })
      : spawn('unshare', [...homeless, ...command], options);
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
