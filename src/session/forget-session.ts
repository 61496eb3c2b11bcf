import { deleteAppSecret } from '../profile/app-secret.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import type { Storage } from '../storage/storage.js';
import { recordSession } from './connection.js';

/** Forgets what goes with a session beside its tokens: the secret that came with the sign-in, and where it was kept. */
export async function forgetSession(
  runtime: Runtime,
  { profile, recordedSession, sessionStorage }: Settings,
  storage: Storage,
): Promise<void> {
  await deleteAppSecret(storage, 'session');
  if (recordedSession === sessionStorage) await recordSession(runtime, profile, undefined);
}
