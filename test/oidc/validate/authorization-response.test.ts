import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkAuthorizationResponse } from '../../../src/oidc/validate/authorization-response.js';

const expected = { state: 'our-state', issuer: 'https://provider.test', requiresIss: true, clientId: 'app' };
const iss = expected.issuer;

function check(query: Record<string, string> | string, changes: Partial<typeof expected> = {}): string {
  const url = `http://localhost:3000/callback?${new URLSearchParams(query)}`;
  return checkAuthorizationResponse(url, { ...expected, ...changes });
}

function errorOf(query: Record<string, string> | string, changes: Partial<typeof expected> = {}): unknown {
  try {
    return check(query, changes);
  } catch (error) {
    expect(inspect(error, { depth: null })).not.toMatch(/our-state|the-code/);
    return error;
  }
}

describe('an authorization response', () => {
  it('with our state, the issuer and a code yields the code', () => {
    expect(check({ code: 'the-code', state: 'our-state', iss })).toBe('the-code');
    expect(check({ code: 'the-code', state: 'our-state', iss, session_state: 'x' })).toBe('the-code');
    expect(check({ code: 'the-code', state: 'our-state' }, { requiresIss: false })).toBe('the-code');
  });

  it.each<[string, Record<string, string> | string, string]>([
    ['another state', { code: 'the-code', state: 'other', iss }, 'its state differs'],
    ['no state', { code: 'the-code', iss }, 'it has no state'],
    ['an empty state', { code: 'the-code', state: '', iss }, 'its state differs'],
    ['our state twice', `code=the-code&state=our-state&state=our-state&iss=${iss}`, 'more than one state'],
    ['our state and another', `code=the-code&state=our-state&state=other&iss=${iss}`, 'more than one state'],
    ['an error and another state', { error: 'access_denied', state: 'other', iss }, 'its state differs'],
    ['an error and no state', { error: 'access_denied', iss }, 'it has no state'],
    ['another issuer, too', { code: 'the-code', state: 'other', iss: 'https://other.test' }, 'state differs'],
  ])('with %s is state_mismatch, whatever else it says', (_, query, words) => {
    expect(errorOf(query)).toMatchObject({
      code: 'state_mismatch',
      message: expect.stringContaining(words),
      // There may have been no page, and nothing that opens one.
      hint: expect.not.stringContaining('page'),
    });
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['another issuer', { code: 'the-code', state: 'our-state', iss: 'https://other.test' }, true],
    ['another issuer, though none is announced', { code: 'c', state: 'our-state', iss: 'x' }, false],
    ['an issuer with a slash', { code: 'the-code', state: 'our-state', iss: `${iss}/` }, true],
    ['an empty issuer', { code: 'the-code', state: 'our-state', iss: '' }, false],
    ['no issuer, though it is announced', { code: 'the-code', state: 'our-state' }, true],
    ['an error of another issuer', { error: 'access_denied', state: 'our-state', iss: 'x' }, true],
  ])('with %s is issuer_mismatch', (_, query, requiresIss) => {
    expect(errorOf(query, { requiresIss })).toMatchObject({
      code: 'issuer_mismatch',
      details: { expected: iss, found: query['iss'] ?? null },
    });
  });

  it.each([
    'code=b',
    'iss=https://provider.test',
    'error=a&error=b',
    'error_description=a&error_description=b',
  ])('that repeats a parameter (%s) is authorization_error', (more) => {
    expect(errorOf(`code=the-code&state=our-state&iss=${iss}&${more}`)).toMatchObject({
      code: 'authorization_error',
    });
  });

  it.each([{}, { code: '' }, { error: '' }])(
    'with neither code nor error (%j) is authorization_error',
    (query) => {
      expect(errorOf({ ...query, state: 'our-state', iss })).toMatchObject({ code: 'authorization_error' });
    },
  );

  it.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'login_required'],
    ['consent_required', 'consent_required'],
    ['interaction_required', 'interaction_required'],
    ['account_selection_required', 'interaction_required'],
    ['invalid_scope', 'scope_not_allowed'],
    ['invalid_target', 'resource_unknown'],
    ['unauthorized_client', 'grant_type_not_allowed'],
    ['server_error', 'provider_error'],
    ['temporarily_unavailable', 'provider_error'],
    ['invalid_request', 'authorization_error'],
    ['unsupported_response_type', 'authorization_error'],
    ['invalid_grant', 'authorization_error'],
    ['something_new', 'authorization_error'],
  ])('with the error %s is %s', (error, code) => {
    const query = { error, error_description: 'Because.', state: 'our-state', iss };
    expect(errorOf(query)).toMatchObject({ code, details: { error, error_description: 'Because.' } });
    // An error is believed even beside a code.
    expect(errorOf({ ...query, code: 'the-code' })).toMatchObject({ code });
  });

  it.each(['login_required', 'interaction_required', 'account_selection_required'])(
    'with the error %s does not lead in a circle where nobody asked for --prompt none',
    (error) => {
      expect(errorOf({ error, state: 'our-state', iss })).toMatchObject({
        hint: expect.stringMatching(/If you did not ask for that, .* the provider/),
      });
    },
  );

  it('says nothing back of what it must not', () => {
    const error_description = `state our-state, code the-code, ${'x'.repeat(5000)}`;
    const error = errorOf({
      error: 'the-code',
      error_description,
      state: 'our-state',
      iss,
      code: 'the-code',
    });
    expect((error as Error).message.length).toBeLessThan(1000);
  });

  it('tells a Native application that it can never do without a page', () => {
    expect(errorOf({ error: 'interaction_required', state: 'our-state', iss })).toMatchObject({
      hint: expect.stringMatching(/--prompt none.*Native/),
    });
  });
});
