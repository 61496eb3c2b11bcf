import { LogtoError } from '../errors.js';

/**
 * The failure of a storage that did not take the tokens of a refresh, with what became of the session.
 *
 * @param session `kept`: it goes on by the new refresh token; `lost`: the stored one is that which the refresh has spent
 */
export function refreshOutcome(failure: unknown, session: 'kept' | 'lost'): unknown {
  if (!(failure instanceof LogtoError)) return failure;
  const { code, message, hint, details } = failure;
  return session === 'kept'
    ? new LogtoError(
        code,
        `${message} The tokens of the refresh are not kept, but its refresh token is: the session goes on.`,
        hint,
        { ...details, session },
      )
    : new LogtoError(
        code,
        `${message} The provider has replaced the refresh token, and the new one could not be kept: the stored session may not be refreshed any more.`,
        `${hint} If a refresh is refused then, sign in again: logto-cli sign-in`,
        { ...details, session },
      );
}

/**
 * A refresh that the provider denies to this user, with what became of the session: the provider may let the user in
 * again, and whether the refresh token still works then nobody but the provider knows (Logto has both).
 */
export function deniedRefresh({ code, message, hint, details }: LogtoError): LogtoError {
  return new LogtoError(
    code,
    `${message} The stored session is kept as it was.`,
    `${hint} The next refresh tells whether the refresh token still works.`,
    { ...details, session: 'kept' },
  );
}
