import { LogtoError } from '../errors.js';
import { type SecretVariable, secretFlags } from '../profile/secret-kinds.js';

/**
 * Refuses two secrets on one standard input.
 *
 * @param variables those whose flags ask for it
 * @throws LogtoError `usage_invalid`
 */
export function checkSingleInput(variables: readonly SecretVariable[]): void {
  const [one, other] = variables;
  if (one === undefined || other === undefined) return;
  throw new LogtoError(
    'usage_invalid',
    `${secretFlags[one]} and ${secretFlags[other]} both want standard input.`,
    `Give one of them by its variable: ${one} or ${other}.`,
  );
}
