import { LogtoError } from '../../errors.js';
import { checkSingleInput } from '../../session/single-input.js';
import type { TokenFlags } from './token-flags.js';

/**
 * Refuses what cannot go together in an exchange, and its flags without it.
 *
 * @throws LogtoError `usage_invalid`
 */
export function checkExchangeFlags(flags: TokenFlags): void {
  const { appSecretStdin, subjectTokenStdin, actorTokenStdin } = flags;
  if (flags.exchange) {
    checkSingleInput([
      ...(appSecretStdin ? ['LOGTO_APP_SECRET' as const] : []),
      ...(subjectTokenStdin ? ['LOGTO_CLI_SUBJECT_TOKEN' as const] : []),
      ...(actorTokenStdin ? ['LOGTO_CLI_ACTOR_TOKEN' as const] : []),
    ]);
    return;
  }
  const stray = Object.entries({
    '--subject-token-stdin': subjectTokenStdin,
    '--subject-token-type': flags.subjectTokenType,
    '--actor-token-stdin': actorTokenStdin,
  }).find(([, value]) => value !== undefined)?.[0];
  if (stray === undefined) return;
  throw new LogtoError('usage_invalid', `${stray} goes with --exchange.`, 'Add --exchange, or leave it out.');
}
