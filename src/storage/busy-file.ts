import { systemCode } from './file-error.js';

/**
 * Runs a file operation again, for about a second, while Windows says that somebody has the file open: a virus
 * scanner, an indexer, or a sibling that reads it. Elsewhere the first answer counts.
 */
export async function despiteBusyFile<T>(
  operation: () => T,
  platform: NodeJS.Platform = process.platform,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return operation();
    } catch (error) {
      const busy = ['EPERM', 'EBUSY', 'EACCES'].includes(systemCode(error) ?? '');
      if (platform !== 'win32' || !busy || attempt === 12) throw error;
      const { setTimeout: sleep } = await import('node:timers/promises');
      await sleep(attempt * 15);
    }
  }
}
