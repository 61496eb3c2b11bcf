import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { storageContract } from './contract.js';

describe('MemoryStorage', () => {
  storageContract({ open: () => new MemoryStorage() });

  it('is never shared between instances', async () => {
    await new MemoryStorage().set('key', 'value');
    expect(await new MemoryStorage().get('key')).toBeNull();
  });
});
