import type { LogtoClient } from '../client/logto-client.js';
import { issuerOf, type LogtoConfig } from '../client/logto-config.js';
import { findAppSecret } from '../profile/app-secret.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import type { StorageKind } from '../storage/storage.js';
import type { StoredSession } from './stored-session.js';

/** A client for the session that is stored: of its provider and application, with the secret that belongs to them. */
export async function sessionClient(
  runtime: Runtime,
  settings: Settings,
  { session, storage }: StoredSession,
): Promise<LogtoClient> {
  const { LogtoClient } = await import('../client/logto-client.js');
  const { endpoint, issuer, appId } = session;
  const application = { ...(endpoint ? { endpoint } : { issuer }), appId };
  const cache = await runtime.cache();
  return new LogtoClient(await withSecret(runtime, settings, application, settings.sessionStorage), {
    storage,
    lock: runtime.lock(settings.profile),
    // A token that is still good needs no network, and the network takes time to load.
    fetch: async (url, init) => (await runtime.fetch(settings))(url, init),
    now: runtime.now,
    cache,
  });
}

/**
 * The application with its secret: given now, or kept for exactly this application where the session is or where
 * `profile set` put it.
 *
 * @throws LogtoError the storage's own codes
 */
export async function withSecret(
  runtime: Runtime,
  settings: Settings,
  application: LogtoConfig,
  sessionStorage?: StorageKind,
): Promise<LogtoConfig> {
  if (settings.appSecret !== undefined) return { ...application, appSecret: settings.appSecret };
  const places = new Set([sessionStorage, settings.secretStorage].filter((kind) => kind !== undefined));
  const owner = { issuer: issuerOf(application), appId: application.appId };
  for (const kind of places) {
    const secret = await findAppSecret(await runtime.storage(kind, settings.profile), owner);
    if (secret !== null) return { ...application, appSecret: secret };
  }
  return application;
}
