import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './processes.js';
import { medianStartUp } from './start-up.js';

/**
 * How long `whoami` and a cached `token` take where there are so many profiles, each signed in.
 *
 * @param {string} node path of the Node that runs them
 * @param {number} count
 * @param {{ env: NodeJS.ProcessEnv, home: string, runs: number }} options a home to make; the one of `env` has the
 * session, of the profile `file`
 * @returns {{ whoami: number, token: number }} medians, in milliseconds
 */
export function withProfiles(node, count, { env, home, runs }) {
  const from = env.LOGTO_CLI_HOME;
  const { file: profile } = JSON.parse(readFileSync(join(from, 'config.json'), 'utf8')).profiles;
  const names = Array.from({ length: count }, (_, index) => `profile-${index + 1}`);
  mkdirSync(home);
  const profiles = Object.fromEntries(names.map((name) => [name, profile]));
  writeFileSync(join(home, 'config.json'), JSON.stringify({ version: 1, profiles }));
  for (const name of names)
    cpSync(join(from, 'sessions', 'file'), join(home, 'sessions', name), { recursive: true });
  const commands = ['whoami', 'token'].map((command) => [
    command,
    [program, command, '--profile', names.at(-1)],
  ]);
  return medianStartUp(node, Object.fromEntries(commands), { ...env, LOGTO_CLI_HOME: home }, runs);
}
