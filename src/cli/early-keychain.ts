import { join } from 'node:path';
import { readOwnFile } from '../storage/ownership.js';
import { machineDirectories } from './directories.js';

/** Commands that begin with reading the session, and then take it away or leave it. */
const enders = ['sign-out', 'logout'];
const readers = ['whoami', 'token', 'verify', 'exec', ...enders];

/** Flags by which such a command reads it elsewhere, or not at all. */
const otherwise = /^(?:--(?:storage|dotenv|client-credentials|exchange|decode|help)(?:=|$)|-h?$)/;

/**
 * Whether this run will ask the keychain, as far as a look at the command line and the configuration tells. What
 * is begun for it in vain costs little, and is asked for no secret; everything is read properly later.
 *
 * @param argv the arguments after the program's name
 */
export function willAskKeychain(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): boolean {
  if (!readers.includes(argv[0] ?? '') || argv.some((word) => otherwise.test(word))) return false;
  if ((environment['LOGTO_CLI_STORAGE'] || 'keychain') !== 'keychain') return false;
  try {
    const path = join(machineDirectories(environment, platform).config, 'config.json');
    const { current = 'default', profiles } = JSON.parse(readOwnFile(path).bytes.toString('utf8'));
    return profiles[profileOf(argv) || environment['LOGTO_CLI_PROFILE'] || current]?.session === 'keychain';
  } catch {
    return false;
  }
}

/**
 * Whether a run that asks the keychain will write to it.
 *
 * @param argv the arguments after the program's name
 */
export function willWriteKeychain(argv: readonly string[]): boolean {
  return enders.includes(argv[0] ?? '');
}

function profileOf(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => word === '--profile' || word.startsWith('--profile='));
  const word = argv[index];
  return word === '--profile' ? argv[index + 1] : word?.slice('--profile='.length);
}
