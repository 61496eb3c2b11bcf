import type { LogtoError } from '../../errors.js';
import type { CheckResult } from './check.js';

/**
 * What a refused address means of an application whose secret is missing: one for machines has no such address at all, and
 * only the secret shows which kind it is. `null` where that is no question.
 *
 * @param client what became of the question who the application is
 * @param refusal of the redirect URI, or of the post sign-out URI
 */
export function perhapsForMachines(
  client: { readonly verdict: string; readonly error?: LogtoError },
  { code, message, hint }: LogtoError,
): CheckResult | null {
  if (client.verdict !== 'refused' || client.error?.code !== 'client_secret_missing') return null;
  return {
    outcome: 'incomplete',
    code,
    message: `${message} An application for machines has none at all, and without its secret nothing tells whether it is one.`,
    hint: `Give its secret: LOGTO_APP_SECRET, or --app-secret-stdin. If people sign in to it with a browser: ${hint}`,
  };
}
