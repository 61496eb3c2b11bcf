import { join } from 'node:path';
import { readOwnFile } from '../storage/ownership.js';
import { machineDirectories } from './directories.js';

/** Commands that begin with reading the session. */
const readers = ['whoami', 'token', 'verify', 'exec', 'sign-out', 'logout'];

/** Flags by which such a command reads it elsewhere, or not at all. */
const otherwise = /^(?:--(?:storage|dotenv|client-credentials|exchange|decode|help)(?:=|$)|-h?$)/;

/**
 * Whether this run will ask the keychain, as far as a look at the command line and the configuration tells. A process
 * that is started for it in vain costs little and is asked nothing; everything is read properly later.
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

function profileOf(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => word === '--profile' || word.startsWith('--profile='));
  const word = argv[index];
  return word === '--profile' ? argv[index + 1] : word?.slice('--profile='.length);
}
