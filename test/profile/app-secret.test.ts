import { describe, expect, it } from 'vitest';
import {
  deleteAppSecret,
  readAppSecret,
  type StoredSecret,
  writeAppSecret,
} from '../../src/profile/app-secret.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';

const secret: StoredSecret = {
  issuer: 'https://tenant.test/oidc',
  appId: 'app',
  secret: 'a very secret secret',
  keep: 'profile',
};

describe('a stored application secret', () => {
  it('is null before it is kept and after it is forgotten, and itself in between', async () => {
    const storage = new MemoryStorage();
    expect(await readAppSecret(storage)).toBeNull();
    await writeAppSecret(storage, secret);
    expect(await readAppSecret(storage)).toEqual(secret);
    await deleteAppSecret(storage);
    expect(await readAppSecret(storage)).toBeNull();
    await deleteAppSecret(storage);
  });

  it.each([
    ['no JSON', 'a very secret secret'],
    ['null', 'null'],
    ['a text', '"a very secret secret"'],
    ['bound to no issuer', JSON.stringify({ ...secret, issuer: undefined })],
    ['bound to no application', JSON.stringify({ ...secret, appId: 1 })],
    ['without the secret', JSON.stringify({ ...secret, secret: undefined })],
    ['kept nobody knows how long', JSON.stringify({ ...secret, keep: 'forever' })],
  ])('that is %s is corrupt, and is not repeated', async (_, text) => {
    const storage = new MemoryStorage();
    await storage.set('appSecret', text);
    const failure = await failureOf(readAppSecret(storage));
    expect(failure).toMatchObject({ code: 'storage_corrupt' });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toContain('very secret');
  });
});
