import { describe, expect, it } from 'vitest';
import { type CheckWithUser, withClauseOfUser } from '../../../src/check/with-user/check-with-user.js';
import type { TestedUser } from '../../../src/check/with-user/tested-user.js';
import { type ErrorCode, LogtoError } from '../../../src/errors.js';

/** What a check makes of a sign-in, or a request for tokens, that ends so. */
async function outcomeOf(code: ErrorCode, id = 'token.refresh') {
  const check: CheckWithUser = {
    id,
    title: 'A refresh',
    clause: 'RFC 6749, section 6',
    run: async () => {
      throw new LogtoError(code, 'It ended.', 'Do it again.');
    },
  };
  const { outcome } = await withClauseOfUser(check).run({} as TestedUser, new AbortController().signal);
  return outcome;
}

describe('a user who is kept out in the middle of a run', () => {
  it.each(['access_denied', 'password_expired', 'account_locked', 'credentials_rejected'] as const)(
    'leaves what is asked after that open: %s',
    async (code) => {
      expect(await outcomeOf(code)).toBe('incomplete');
    },
  );

  it('is what the check of the sign-in itself is about', async () => {
    expect(await outcomeOf('access_denied', 'sign-in.code')).toBe('failed');
  });

  it('is another matter than an answer that is wrong', async () => {
    expect(await outcomeOf('id_token_invalid')).toBe('failed');
  });
});
