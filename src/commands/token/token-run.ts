import type { CommandContext } from '../../session/command-context.js';
import { printToken } from './token-actions.js';
import { checkTokenFlags, type TokenFlags } from './token-flags.js';

/**
 * Prints the token that the flags name.
 *
 * @returns the exit code when that is not 0
 * @throws LogtoError `config_invalid`, `usage_invalid` for flags that do not go together
 */
export async function token(context: CommandContext, flags: TokenFlags): Promise<number | undefined> {
  checkTokenFlags(flags);
  if (typeof flags.decode === 'string') {
    const { checkGivenToken } = await import('./given-token-flags.js');
    checkGivenToken(flags);
  }
  if (flags.exchange || flags.subjectTokenStdin || flags.subjectTokenType || flags.actorTokenStdin) {
    const { checkExchangeFlags } = await import('./exchange-flags.js');
    checkExchangeFlags(flags);
  }
  return printToken(context, flags);
}
