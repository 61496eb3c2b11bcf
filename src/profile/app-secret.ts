import { LogtoError } from '../errors.js';
import type { Storage } from '../storage/storage.js';

/** The storage key of the application's secret. */
const appSecretKey = 'appSecret';

/** An application's secret, bound to the provider and application that it was given for. */
export interface StoredSecret {
  readonly issuer: string;
  readonly appId: string;
  readonly secret: string;
  /** `profile`: set by `profile set`, stays. `session`: used at a sign-in, goes with the session. */
  readonly keep: 'profile' | 'session';
}

/**
 * The stored secret; `null` when there is none.
 *
 * @throws LogtoError `storage_corrupt` and the storage's own codes
 */
export async function readAppSecret(storage: Storage): Promise<StoredSecret | null> {
  const text = await storage.get(appSecretKey);
  if (text === null) return null;
  try {
    const record = JSON.parse(text) as Partial<StoredSecret>;
    const { issuer, appId, secret, keep } = record;
    if (
      [issuer, appId, secret].every((value) => typeof value === 'string') &&
      (keep === 'profile' || keep === 'session')
    ) {
      return record as StoredSecret;
    }
  } catch {
    // Told below, together with every other thing that is not such a record.
  }
  throw new LogtoError(
    'storage_corrupt',
    'The stored application secret is damaged or foreign.',
    'Store it again: logto-cli profile set <name> --app-secret-stdin',
  );
}

/** Keeps the secret. */
export async function writeAppSecret(storage: Storage, secret: StoredSecret): Promise<void> {
  await storage.set(appSecretKey, JSON.stringify(secret));
}

/** Forgets the secret. */
export async function deleteAppSecret(storage: Storage): Promise<void> {
  await storage.delete(appSecretKey);
}
