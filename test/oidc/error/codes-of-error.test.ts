import { describe, expect, it } from 'vitest';
import { codesOfError } from '../../../src/oidc/error/codes-of-error.js';

describe('an error of OAuth', () => {
  it.each([
    [
      'invalid_client',
      ['client_rejected', 'client_secret_missing', 'client_secret_unexpected', 'client_secret_invalid'],
    ],
    ['invalid_grant', ['code_rejected', 'session_expired', 'token_rejected']],
    ['invalid_scope', ['scope_not_allowed']],
    ['invalid_target', ['resource_unknown']],
    ['unsupported_grant_type', ['grant_type_not_allowed', 'device_flow_disabled']],
    ['redirect_uri_mismatch', ['redirect_uri_not_registered']],
    ['server_error', ['provider_error']],
    ['account_selection_required', ['interaction_required']],
  ])('%s becomes what its rules say: %j', (error, codes) => {
    expect([...codesOfError(error)].sort()).toEqual([...codes].sort());
  });

  it.each(['', 'nonsense', 'invalid', 'authorization_pending'])('%j has no rule of its own', (error) => {
    expect(codesOfError(error)).toEqual([]);
  });
});
