import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executable } from './capabilities.js';
import type { ProgramOutcome } from './program.js';
import { temporaryDirectory } from './temporary-directory.js';

/** What is wrong with the disk that a home is on. */
export type DiskFault = 'full' | 'read-only';

/** So many blocks of 4 kB are free. */
export interface NearlyFull {
  readonly blocks: number;
}

/** Why this machine cannot give a process a disk of its own, or `null` when it can. Needs no root. */
export function ownDiskMissing(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are made by Linux';
  if (executable('unshare') === null) return 'not installed: unshare';
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `this user may not mount in a namespace (${(error as Error).message.trim().split('\n').at(-1)})`;
  }
}

/** Copies the home, compiled code aside, to a disk of 256 kB, fills or closes the disk, runs the program, and copies back what is there then. */
const script = `
set -e
home=$1 disk=$2 left=$3 fault=$4; shift 4
mount -t tmpfs -o size=256k,mode=700 none "$disk"
tar -C "$home" --exclude=./cache/code -cf - . | tar -C "$disk" -xpf -
case $fault in
  read-only) mount -o remount,bind,ro "$disk" ;;
  *) head -c 1M /dev/zero > "$disk/filler" 2> /dev/null || :; truncate -s "-$fault" "$disk/filler" ;;
esac
"$@" || code=$?
cp -a "$disk/." "$left"
rm -f "$left/filler"
exit \${code:-0}
`;

/**
 * Runs the built program with a home on a disk of this kind, which is gone afterwards.
 *
 * @returns how it ended, and a directory with what the home held then
 */
export async function runOnDisk(
  fault: DiskFault | NearlyFull,
  home: string,
  args: readonly string[],
): Promise<ProgramOutcome & { readonly left: string }> {
  const folder = await temporaryDirectory();
  const [disk, left] = [join(folder, 'disk'), join(folder, 'left')];
  for (const directory of [disk, left]) if (!existsSync(directory)) mkdirSync(directory);
  const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
  const command = [process.execPath, program, ...args];
  const state = fault === 'read-only' ? fault : `${fault === 'full' ? 0 : fault.blocks * 4}K`;
  const child = spawn('unshare', ['-Urm', 'sh', '-c', script, 'sh', home, disk, left, state, ...command], {
    env: { ...process.env, LOGTO_CLI_HOME: disk, LOGTO_CLI_STORAGE: 'file' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  const [exitCode, signal] = await once(child, 'close');
  return { exitCode, signal, ...written, left };
}
