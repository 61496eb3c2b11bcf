import { describe, expect, it } from 'vitest';
import type { Storage } from '../../src/storage/storage.js';
import { countedProcesses } from '../support/counted-processes.js';

/** A kind of storage to be held to what {@link Storage} promises. */
export interface StorageKindUnderTest {
  /** A storage with nothing in it that others use. */
  open(): Storage | Promise<Storage>;
  /** Writes to what `open` opened last, from another process. */
  setElsewhere?(key: string, value: string): Promise<void>;
}

/** What holds for every kind of storage. */
export function storageContract({ open, setElsewhere }: StorageKindUnderTest): void {
  describe('keeps the promises of a storage', () => {
    it('has nothing under a key that was never written', async () => {
      expect(await (await open()).get('absent')).toBeNull();
    });

    it('gives back what was written, and what replaced it', async () => {
      const storage = await open();
      await storage.set('key', 'first');
      expect(await storage.get('key')).toBe('first');
      await storage.set('key', 'second');
      expect(await storage.get('key')).toBe('second');
    });

    it('forgets what was deleted, and takes a second deletion for granted', async () => {
      const storage = await open();
      await storage.set('key', 'value');
      await storage.delete('key');
      expect(await storage.get('key')).toBeNull();
      await storage.delete('key');
      expect(await storage.get('key')).toBeNull();
      await storage.set('key', 'again');
      expect(await storage.get('key')).toBe('again');
    });

    it('keeps any text as it is', async () => {
      const storage = await open();
      const texts = [
        'ü',
        '漢字 \u{1f600} e\u0301',
        '"\\\n\r\t\u0001\u2028',
        '\ufeffmarked',
        ' ',
        'logto-cli:parts:{',
      ];
      for (const text of texts) {
        await storage.set('key', text);
        expect(await storage.get('key')).toBe(text);
      }
    });

    it('keeps a megabyte', async () => {
      const storage = await open();
      const value = '0123456789abcdeü'.repeat(2 ** 16);
      await storage.set('key', value);
      expect(await storage.get('key')).toBe(value);
      await storage.set('key', 'small');
      expect(await storage.get('key')).toBe('small');
      await storage.delete('key');
    });

    it('tells keys from each other, whatever they are made of', async () => {
      const storage = await open();
      const keys = [
        'a',
        'A',
        '.',
        '..',
        'a/b',
        'a%2fb',
        '/etc/passwd',
        '../a',
        'con',
        'ü',
        'a b',
        'x#a0',
        '*',
        '漢',
      ];
      keys.push('k'.repeat(300), `${'k'.repeat(300)}2`, 'a.tmp', '\\', ':');
      await Promise.all(keys.map((key) => storage.set(key, `value of ${key}`)));
      expect(await Promise.all(keys.map((key) => storage.get(key)))).toEqual(
        keys.map((key) => `value of ${key}`),
      );
      await Promise.all(keys.map((key) => storage.delete(key)));
      expect(await Promise.all(keys.map((key) => storage.get(key)))).toEqual(keys.map(() => null));
    });

    it.each([
      ['empty', ''],
      ['cut by a NUL', 'secret\0text'],
      ['with half of a surrogate pair', 'secret\ud83d'],
    ])('refuses a value that is %s, does not repeat it, and keeps the old one', async (_what, value) => {
      const storage = await open();
      await storage.set('key', 'old');
      const refusal = await storage.set('key', value).catch((error: Error) => error);
      expect(refusal).toMatchObject({ code: 'config_invalid' });
      expect(JSON.stringify(refusal) + (refusal as Error).message).not.toContain('secret');
      expect(await storage.get('key')).toBe('old');
    });

    it.each(['', 'a\0b', '\udc00'])('refuses the key %j', async (key) => {
      const storage = await open();
      await expect(storage.get(key)).rejects.toMatchObject({ code: 'config_invalid' });
      await expect(storage.set(key, 'value')).rejects.toMatchObject({ code: 'config_invalid' });
      await expect(storage.delete(key)).rejects.toMatchObject({ code: 'config_invalid' });
    });

    if (setElsewhere === undefined) return;
    it('has one whole value after eight processes wrote the same key at once', async () => {
      const storage = await open();
      const values = Array.from({ length: 8 }, (_, index) => `${index} `.repeat(3000));
      await countedProcesses.atOnce(values.length);
      await Promise.all(values.map((value) => setElsewhere('key', value)));
      expect(values).toContain(await storage.get('key'));
    });
  });
}
