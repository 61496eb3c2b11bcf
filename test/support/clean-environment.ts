/**
 * Gives a test file, and every program that it starts, the environment of somebody who has never used this program:
 * an empty home, no settings of ours, no desktop, no keyring, no proxy. A test that wants one of those says so itself.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const disturbing = [
  /^LOGTO_(?!CLI_TEST_)/,
  /^BROWSER$/,
  /^(HTTPS?|ALL|NO)_PROXY$/i,
  /^(DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS)$/,
  /^XDG_/,
  /^(CI|NO_COLOR|FORCE_COLOR)$/,
  /^(LC_\w+|LANG|LANGUAGE)$/,
  // Reading extra certificates triples the time that Node takes to start.
  /^NODE_EXTRA_CA_CERTS$/,
];

for (const name of Object.keys(process.env)) {
  if (disturbing.some((pattern) => pattern.test(name))) delete process.env[name];
}

// Removed with everything else in the temporary folder of the run.
const home = mkdtempSync(join(tmpdir(), 'home-'));
process.env['HOME'] = home;
process.env['USERPROFILE'] = home;
process.env['LANG'] = 'C.UTF-8';
