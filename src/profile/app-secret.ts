import { LogtoError } from '../errors.js';
import type { Storage } from '../storage/storage.js';

/**
 * How long a secret is kept. `profile`: set by `profile set`, it stays. `session`: it came with a sign-in, and goes with
 * the session.
 */
export type SecretKeeping = 'profile' | 'session';

const keys: Record<SecretKeeping, string> = { profile: 'appSecret', session: 'sessionSecret' };

/** The provider and application that a secret was given for. It is used for nothing else. */
export interface SecretOwner {
  readonly issuer: string;
  readonly appId: string;
}

/**
 * The secret that is kept for exactly this application; `null` when there is none. A record that cannot be read is none:
 * the provider's answer then names what is missing, and nothing else is held up.
 *
 * @param onOther told whose secret the profile keeps instead
 * @throws LogtoError the storage's own codes, but for `storage_corrupt`
 */
export async function findAppSecret(
  storage: Storage,
  owner: SecretOwner,
  onOther: (owner: SecretOwner) => void = () => {},
): Promise<string | null> {
  return (
    // One that came with another sign-in goes with it: nobody gave it for this one.
    (await readSecret(storage, 'session', owner, () => {})) ??
    (await readSecret(storage, 'profile', owner, onOther))
  );
}

/** Keeps a secret. */
export async function writeAppSecret(
  storage: Storage,
  keeping: SecretKeeping,
  { issuer, appId }: SecretOwner,
  secret: string,
): Promise<void> {
  await storage.set(keys[keeping], JSON.stringify({ issuer, appId, secret }));
}

/** Forgets a secret. */
export async function deleteAppSecret(storage: Storage, keeping: SecretKeeping): Promise<void> {
  await storage.delete(keys[keeping]);
}

async function readSecret(
  storage: Storage,
  keeping: SecretKeeping,
  owner: SecretOwner,
  onOther: (owner: SecretOwner) => void,
): Promise<string | null> {
  try {
    const text = await storage.get(keys[keeping]);
    const record =
      text === null ? null : (JSON.parse(text) as Partial<SecretOwner & { secret: unknown }> | null);
    if (record === null || typeof record.secret !== 'string') return null;
    const { issuer, appId, secret } = record;
    if (issuer === owner.issuer && appId === owner.appId) return secret;
    if (typeof issuer === 'string' && typeof appId === 'string') onOther({ issuer, appId });
    return null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof LogtoError && error.code === 'storage_corrupt'))
      return null;
    throw error;
  }
}
