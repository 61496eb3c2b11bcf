import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import {
  deleteAppSecret,
  findAppSecret,
  type SecretOwner,
  writeAppSecret,
} from '../../src/profile/app-secret.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { failureOf } from '../support/failure-of.js';

const owner: SecretOwner = { issuer: 'https://tenant.test/oidc', appId: 'app' };

let storage: MemoryStorage;
beforeEach(() => {
  storage = new MemoryStorage();
});

describe.each(['profile', 'session'] as const)('a secret that is kept for the %s', (keeping) => {
  it('is null before it is kept and after it is forgotten, and itself in between', async () => {
    expect(await findAppSecret(storage, owner)).toBeNull();
    await writeAppSecret(storage, keeping, owner, 'a-secret');
    expect(await findAppSecret(storage, owner)).toBe('a-secret');
    await deleteAppSecret(storage, keeping);
    expect(await findAppSecret(storage, owner)).toBeNull();
    await deleteAppSecret(storage, keeping);
  });

  it('is for its own provider and application only', async () => {
    await writeAppSecret(storage, keeping, owner, 'a-secret');
    expect(await findAppSecret(storage, { ...owner, appId: 'other' })).toBeNull();
    expect(await findAppSecret(storage, { ...owner, issuer: 'https://other.test/oidc' })).toBeNull();
  });

  it('is for the document that the issuer was given with', async () => {
    const placed = { ...owner, discoveryUrl: 'https://tenant.test/x' };
    const others: SecretOwner[] = [];
    await writeAppSecret(storage, keeping, owner, 'a-secret');
    expect(await findAppSecret(storage, placed, (other) => others.push(other))).toBeNull();
    await writeAppSecret(storage, keeping, placed, 'b-secret');
    expect(await findAppSecret(storage, placed)).toBe('b-secret');
    expect(await findAppSecret(storage, owner, (other) => others.push(other))).toBeNull();
    const elsewhere = { ...owner, discoveryUrl: 'https://evil.test/x' };
    expect(await findAppSecret(storage, elsewhere, (other) => others.push(other))).toBeNull();
    expect(others).toEqual(keeping === 'session' ? [] : [owner, placed, placed]);
  });

  it.each([
    ['no JSON', 'a very secret secret'],
    ['null', 'null'],
    ['a text', '"a very secret secret"'],
    ['bound to no issuer', JSON.stringify({ ...owner, issuer: undefined, secret: 'a very secret secret' })],
    [
      'bound to no readable place',
      JSON.stringify({ ...owner, discoveryUrl: 1, secret: 'a very secret secret' }),
    ],
    ['bound to no application', JSON.stringify({ ...owner, appId: 1, secret: 'a very secret secret' })],
    ['without the secret', JSON.stringify(owner)],
    ['no text', JSON.stringify({ ...owner, secret: 1 })],
  ])('counts as none when its record is %s, and the other one is found all the same', async (_, text) => {
    const other = keeping === 'profile' ? 'session' : 'profile';
    await storage.set(keeping === 'profile' ? 'appSecret' : 'sessionSecret', text);
    expect(await findAppSecret(storage, owner)).toBeNull();
    await writeAppSecret(storage, other, owner, 'a-secret');
    expect(await findAppSecret(storage, owner)).toBe('a-secret');
  });
});

describe('the secrets of the profile and of the session', () => {
  beforeEach(async () => {
    await writeAppSecret(storage, 'profile', owner, 'of-the-profile');
    await writeAppSecret(storage, 'session', owner, 'of-the-session');
  });

  it('are two: the one that came with the sign-in is found first, and goes alone', async () => {
    expect(await findAppSecret(storage, owner)).toBe('of-the-session');
    await deleteAppSecret(storage, 'session');
    expect(await findAppSecret(storage, owner)).toBe('of-the-profile');
  });

  it('are told apart by their application', async () => {
    await writeAppSecret(storage, 'session', { ...owner, appId: 'other' }, 'of-another');
    expect(await findAppSecret(storage, owner)).toBe('of-the-profile');
  });
});

describe('a storage that cannot be read', () => {
  const failing = (failure: Error): Storage => ({
    get: () => Promise.reject(failure),
    set: () => Promise.reject(failure),
    delete: () => Promise.reject(failure),
  });

  it('holds no secret when its record is corrupt', async () => {
    const corrupt = failing(new LogtoError('storage_corrupt', 'It is foreign.', 'Remove it.'));
    expect(await findAppSecret(corrupt, owner)).toBeNull();
  });

  it.each(['storage_locked', 'storage_unavailable', 'storage_failed'] as const)(
    'says so when it is %s',
    async (code) => {
      const failure = await failureOf(findAppSecret(failing(new LogtoError(code, 'No.', 'Try.')), owner));
      expect(failure.code).toBe(code);
    },
  );
});
