import type { Runtime } from '../runtime.js';
import { type BrowserSignOut, clearRest, type SignOutOutcome } from './browser-sign-out.js';
import { interruptible } from './interruptible.js';

/**
 * Signs out of a session that was begun on another device: revokes and forgets the tokens. The provider's session is in
 * a browser that nobody here knows, and stays there, which is told.
 *
 * @throws LogtoError `not_signed_in`, storage codes; `interrupted` before the tokens are cleared
 */
export async function deviceSignOut(
  runtime: Pick<Runtime, 'interruption'>,
  journey: Pick<BrowserSignOut, 'client' | 'progress' | 'onCleared'>,
): Promise<SignOutOutcome> {
  const { revocation, failure } = await interruptible(runtime, () => journey.client.signOutWithReport());
  const warnings: string[] = [];
  await clearRest(journey, warnings);
  journey.progress.tell({ event: 'cleared' });
  journey.progress.tell({ event: 'session_elsewhere' });
  return { revocation, failure, endSession: 'skipped', warnings };
}
