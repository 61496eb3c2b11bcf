import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type * as KeychainModule from '../../src/storage/keychain-storage.js';
import { built } from './built.js';

/** The built `KeychainStorage`: its child process is a file that only the build makes. */
export async function builtKeychainStorage(): Promise<typeof KeychainModule.KeychainStorage> {
  const module = await import(pathToFileURL(built('storage/keychain-storage.js')).href);
  return (module as typeof KeychainModule).KeychainStorage;
}

/** Processes that talk to the keychain for a process. Linux only. */
export function keychainChildren(of: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(parent) === of && command.includes('keychain-child');
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

/** Whether a process is there and has not ended. Linux only. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
