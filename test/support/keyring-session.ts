import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from './false-bus.js';

/** A throw-away D-Bus session. */
export interface KeyringSession {
  /** What a process of the session has in its environment; without a display. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

const printEnvironment = 'console.log(JSON.stringify(process.env)); process.stdin.resume()';

/** A session with an unlocked gnome-keyring. */
export async function startKeyring(): Promise<KeyringSession> {
  const script = fileURLToPath(new URL('./with-keyring.sh', import.meta.url));
  return await sessionOf(spawn(script, [process.execPath, '-e', printEnvironment], quiet()));
}

/** A session where gnome-keyring is started by the first call, and nobody has ever made a keyring. */
export async function startKeyringOfNewUser(): Promise<KeyringSession> {
  return await withFolder((folder) => startBus(folder, []));
}

/** A session without any service. */
export async function startBareBus(): Promise<KeyringSession> {
  return await withFolder((folder) => {
    const settings = join(folder, 'bus.conf');
    writeFileSync(
      settings,
      `<busconfig><type>session</type><listen>unix:path=${folder}/bus</listen><policy context="default">
      <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    );
    return startBus(folder, ['--config-file', settings]);
  });
}

/** Locks the keyring of a session, as a desktop does when its user is away. */
export function lockKeyring({ environment }: KeyringSession): void {
  const call = ['call', '--session', '--dest', 'org.freedesktop.secrets'];
  const method = ['--object-path', '/org/freedesktop/secrets'];
  const lock = ['--method', 'org.freedesktop.Secret.Service.Lock'];
  const what = "['/org/freedesktop/secrets/collection/login']";
  execFileSync('gdbus', [...call, ...method, ...lock, what], { env: environment, stdio: 'pipe' });
}

/** What `secret-tool` finds in the keyring of a session. */
export function secretToolSearch({ environment }: KeyringSession, ...attributes: string[]): string {
  // The secret goes to stdout and the attributes to stderr.
  const command = 'secret-tool search --all "$@" 2>&1 || :';
  return execFileSync('sh', ['-c', command, 'sh', ...attributes], { env: environment, encoding: 'utf8' });
}

function quiet() {
  return { env: inheritedEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'] };
}

async function withFolder(start: (folder: string) => ChildProcess): Promise<KeyringSession> {
  const folder = mkdtempSync(join(tmpdir(), 'logto-cli-bus-'));
  const session = await sessionOf(start(folder));
  return {
    ...session,
    stop: async () => {
      await session.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startBus(folder: string, options: readonly string[]): ChildProcess {
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  const env = {
    ...inheritedEnvironment(),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_DATA_HOME: join(folder, 'data'),
  };
  const command = [...options, '--', process.execPath, '-e', printEnvironment];
  return spawn('dbus-run-session', command, { ...quiet(), env });
}

/** The session lasts until its first process, and so this one, closes stdin. */
async function sessionOf(child: ChildProcess): Promise<KeyringSession> {
  let text = '';
  child.stdout?.setEncoding('utf8');
  const ended = once(child, 'close');
  const environment = await new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout?.on('data', (more: string) => {
      text += more;
      if (text.endsWith('}\n')) resolve(JSON.parse(text));
    });
    child.on('error', reject);
    ended.then(() => reject(new Error(`the D-Bus session ended at once (${child.exitCode})`)), reject);
  });
  return {
    environment,
    stop: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
