import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/**
 * What the machine lacks for a test that needs more than Node. Each function returns the reason for a skip, or `null`
 * when the test can run: `describe.skipIf(keyringMissing() !== null)(…)`. The reason is printed once a test file.
 *
 * With `LOGTO_CLI_TEST_REQUIRE_ALL=1` nothing may be missing: the function throws and the test file fails.
 */
export function keyringMissing(): string | null {
  const commands = ['gnome-keyring-daemon', 'dbus-run-session', 'gdbus', 'secret-tool'];
  return told('keyring', () => {
    if (process.platform !== 'linux') return 'the throw-away keyring of the tests is made for Linux';
    const absent = commands.filter((command) => executable(command) === null);
    if (absent.length > 0) return `not installed: ${absent.join(', ')}`;
    try {
      createRequire(import.meta.url)('keytar');
      return null;
    } catch (error) {
      return `keytar does not load (libsecret-1-0 installed?): ${(error as Error).message}`;
    }
  });
}

/** The same for a browser: `CHROMIUM_PATH`, or Debian's chromium. */
export function chromiumMissing(): string | null {
  return told('chromium', () => (isExecutable(chromiumPath()) ? null : `${chromiumPath()} is not there`));
}

/** Where the browser of the tests is. */
export function chromiumPath(): string {
  return process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
}

/** The path of a program on the PATH, or `null`. */
export function executable(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

const answers = new Map<string, string | null>();

export function told(capability: string, find: () => string | null): string | null {
  const known = answers.get(capability);
  if (known !== undefined) return known;
  const reason = find();
  answers.set(capability, reason);
  if (reason === null) return null;
  if (process.env['LOGTO_CLI_TEST_REQUIRE_ALL'] === '1') throw new Error(`${capability} missing: ${reason}`);
  process.stderr.write(`skipped: tests that need the ${capability} (${reason})\n`);
  return reason;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
