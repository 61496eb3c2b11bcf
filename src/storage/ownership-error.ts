import { LogtoError } from '../errors.js';
import { shellWord, shellWords } from '../shell-word.js';
import type { NotBelieved } from './ownership.js';

/**
 * What it means that another user could have put or changed something: whose it is, and the command that makes it this
 * user's again, for somebody who knows that it is.
 *
 * @param code `config_invalid` where it is the configuration
 */
export function ownershipError(
  { path, found, fault }: NotBelieved,
  code: 'storage_unavailable' | 'config_invalid' = 'storage_unavailable',
): LogtoError {
  const isLink = found.isSymbolicLink();
  const what = `${isLink ? 'symbolic link' : found.isDirectory() ? 'directory' : 'file'} ${path}`;
  const user = process.geteuid?.() ?? 0;
  const elsewhere = 'or choose another directory with LOGTO_CLI_HOME=<directory>.';
  if (fault === 'foreign') {
    const words = [...(isLink ? ['-h'] : []), nameOf(user) ?? String(user), path];
    return new LogtoError(
      code,
      `The ${what} belongs to another user, ${ownerOf(found.uid)}: it is not used.`,
      user === 0
        ? `Run this as the user whose it is. If it is yours, make it so: chown ${shellWords(words)}; ${elsewhere}`
        : `If it is yours (sudo, another user of yours), make it so: sudo chown ${shellWords(words)}; if not, remove it, ${elsewhere}`,
    );
  }
  if (!isLink && !found.isFile() && !found.isDirectory()) {
    return new LogtoError(
      code,
      `What lies at ${path}, or where a link there leads, is no file: it is not used.`,
      `Remove it where it is a link of yours, ${elsewhere}`,
    );
  }
  const close = found.uid === user ? 'chmod go-w' : 'sudo chmod go-w';
  return new LogtoError(
    code,
    `Other users of this machine may write to the ${what} (mode ${(found.mode & 0o7777).toString(8)}): it is not used.`,
    `If it is still as you left it, close it to them: ${close} ${shellWord(path)}; ${elsewhere}`,
  );
}

function ownerOf(uid: number): string {
  const name = nameOf(uid);
  return name === null ? `uid ${uid}` : `${name} (uid ${uid})`;
}

/** What the password file calls a user; `null`: nothing. */
function nameOf(uid: number): string | null {
  try {
    const lines = process.getBuiltinModule('node:fs').readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.map((line) => line.split(':')).find((fields) => fields[2] === String(uid))?.[0] ?? null;
  } catch {
    return null;
  }
}
