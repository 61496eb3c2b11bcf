import { LogtoError } from '../errors.js';
import { isSamePlace, type ProviderPlace } from '../oidc/issuer-url.js';
import type { Storage } from '../storage/storage.js';

/**
 * How long a secret is kept. `profile`: set by `profile set`, it stays. `session`: it came with a sign-in, and goes with
 * the session.
 */
export type SecretKeeping = 'profile' | 'session';

const keys: Record<SecretKeeping, string> = { profile: 'appSecret', session: 'sessionSecret' };

/** The provider and application that a secret was given for. It is used for nothing else. */
export interface SecretOwner extends ProviderPlace {
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
  { issuer, discoveryUrl, appId }: SecretOwner,
  secret: string,
): Promise<void> {
  await storage.set(keys[keeping], JSON.stringify({ issuer, discoveryUrl, appId, secret }));
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
    const { issuer, discoveryUrl, appId, secret } = record;
    if (![issuer, discoveryUrl ?? '', appId].every((text) => typeof text === 'string')) return null;
    const other = { issuer, discoveryUrl, appId } as SecretOwner;
    if (isSamePlace(other, owner) && appId === owner.appId) return secret;
    onOther(other);
    return null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof LogtoError && error.code === 'storage_corrupt'))
      return null;
    throw error;
  }
}
