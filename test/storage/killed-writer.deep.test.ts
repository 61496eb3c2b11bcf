import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FileStorage } from '../../src/storage/file-storage.js';
import { firstLine, startStorageProcess } from '../support/storage-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe('FileStorage', () => {
  it('has the old or the new value, whole, whenever its writer is killed', async () => {
    const directory = join(await temporaryDirectory(), 'sessions');
    const storage = new FileStorage({ directory });
    const values = ['a', 'b', 'ü'];
    const seen = new Set<string>();
    for (let run = 0; run < 15; run += 1) {
      const work = { kind: 'file', options: { directory }, steps: [['hammer', 'key', ...values]] } as const;
      const writer = startStorageProcess(work);
      await firstLine(writer);
      await sleep(Math.random() * 20);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const value = (await storage.get('key')) ?? '';
      expect(values.map((letter) => letter.repeat(100_000))).toContain(value);
      seen.add(value);
    }
    expect(seen.size).toBeGreaterThan(1);
    await storage.delete('key');
    expect(readdirSync(directory)).toEqual([]);
  });
});
