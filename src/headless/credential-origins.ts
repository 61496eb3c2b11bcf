import { LogtoError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import { type NamedBy, worded } from '../wording.js';

/**
 * Where the credentials of a user may be sent: to the origin of the provider as it is set, whatever it publishes itself,
 * and to those that were allowed beside it.
 *
 * @param issuer as it is set, or that of the endpoint that is set
 */
export function credentialOrigins(issuer: string, allowed: readonly string[] = []): readonly string[] {
  const own = URL.canParse(issuer) ? [new URL(issuer).origin] : [];
  return [...own, ...allowed];
}

/**
 * Refuses a sign-in that a discovery document has elsewhere, before anything is sent there.
 *
 * @param origins see {@link credentialOrigins}
 * @throws LogtoError `config_invalid`, with `details.origin`
 */
export function checkCredentialOrigin(
  authorizationUrl: string,
  origins: readonly string[],
  namedBy?: NamedBy,
): void {
  const { origin } = new URL(authorizationUrl);
  if (origins.includes(origin)) return;
  const allow = `--allow-origin ${shellWord(origin)}`;
  throw new LogtoError(
    'config_invalid',
    `The discovery document has the sign-in at ${origin}, and the provider is set as ${origins[0] ?? 'no address'}: ` +
      'no password and no other credential of a user is sent there.',
    worded(
      {
        general: `If that is where this provider signs people in, allow it with: ${allow}`,
        logto: `If that is a custom domain of the tenant, set it (--endpoint ${shellWord(origin)}), or allow it with: ${allow}`,
      },
      namedBy,
    ),
    { origin },
  );
}
