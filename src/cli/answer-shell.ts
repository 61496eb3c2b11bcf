import { join } from 'node:path';
import { answer } from '../completion/answer.js';
import type { CommandTable } from '../completion/command-table.js';
import { completionShells } from '../completion/shells.js';
import type { TextOutput } from '../output/text-output.js';
import { isProfileName } from '../profile/profile-name.js';
import { readOwnFile } from '../storage/ownership.js';
import { machineDirectories } from './directories.js';

/** The most that is read of a command line, in bytes: as much as Linux takes for one. */
const limit = 2 ** 21;

/**
 * Answers the script of a shell that completes a word: `logto-cli completion --complete <shell>`, with the command line
 * on standard input. Neither a command nor the argument parser is loaded, and nobody is asked but the configuration file.
 *
 * @param argv the arguments after the program's name
 * @returns whether it was one: not where somebody types that, or names a shell that is not known
 */
export function answerShell(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  stdout: TextOutput,
): boolean {
  const shell = completionShells.find((name) => name === argv[2]);
  // Standard input as a stream takes longer to load than all else here.
  const isPiped = !process.getBuiltinModule('node:fs').fstatSync(0).isCharacterDevice();
  if (shell === undefined || argv.length > 3 || !isPiped) return false;
  const profiles = () => profilesHere(environment, process.platform);
  stdout.write(answer(shell, readTable(), readInput(), profiles));
  return true;
}

function readTable(): CommandTable {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const path = new URL('../completion/command-table.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as CommandTable;
}

/** What the script sends. */
function readInput(): string {
  const { readSync } = process.getBuiltinModule('node:fs');
  const buffer = Buffer.allocUnsafe(limit);
  let length = 0;
  try {
    while (length < limit) {
      const count = readSync(0, buffer, length, limit - length, null);
      if (count === 0) break;
      length += count;
    }
  } catch (error) {
    // Windows says so where a pipe has ended.
    if ((error as NodeJS.ErrnoException).code !== 'EOF') throw error;
  }
  return buffer.toString('utf8', 0, length);
}

/** The names of the profiles; none where they cannot be read, which is told by whatever runs then. */
function profilesHere(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly string[] {
  try {
    const path = join(machineDirectories(environment, platform).config, 'config.json');
    const { profiles } = JSON.parse(readOwnFile(path).bytes.toString('utf8'));
    return Object.keys(profiles).filter(isProfileName);
  } catch {
    return [];
  }
}
