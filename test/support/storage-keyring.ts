import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyringSession } from './keyring-session.js';

/** Kills the keyring service of a session, which the bus starts again, locked, when somebody asks for it. */
export function killKeyring(session: KeyringSession): void {
  const owner = ownerOf(session);
  if (owner !== null) process.kill(owner, 'SIGKILL');
}

/**
 * Gives a session an unlocked keyring again, with what was written before, whatever became of the one that it had.
 *
 * @returns ends it
 */
export async function reviveKeyring(session: KeyringSession): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(
    'gnome-keyring-daemon',
    ['--unlock', '--foreground', '--components=secrets'],
    { env: session.environment, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const ended = once(child, 'close');
  // The password of the keyring that `startKeyring` makes.
  child.stdin?.end('test');
  // It waits for the name of the service until its owner is gone.
  for (let owner = ownerOf(session); owner !== child.pid; owner = ownerOf(session)) {
    if (child.exitCode !== null) throw new Error(`the keyring service ended at once (${child.exitCode})`);
    if (owner !== null) process.kill(owner, 'SIGKILL');
    await sleep(50);
  }
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}

/** The process that is the keyring service of a session, if there is one. */
function ownerOf({ environment }: KeyringSession): number | null {
  const bus = ['--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
  const method = ['--method', 'org.freedesktop.DBus.GetConnectionUnixProcessID', 'org.freedesktop.secrets'];
  try {
    const options = { env: environment, stdio: 'pipe', encoding: 'utf8' } as const;
    const answer = execFileSync('gdbus', ['call', '--session', ...bus, ...method], options);
    return Number(/uint32 (\d+)/.exec(answer)?.[1]);
  } catch {
    return null; // nobody has the name
  }
}
