import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkAuthorizationResponse } from '../../src/oidc/validate/authorization-response.js';
import { outcomeOf, outsideText } from './outside.js';
import { fuzz } from './seed.js';

fuzz();

const expected = { state: 'our-state', issuer: 'https://provider.test', requiresIss: true, clientId: 'app' };
const names = ['state', 'code', 'iss', 'error', 'error_description', 'error_uri', 'session_state'] as const;
const values: Readonly<Record<string, readonly string[]>> = {
  state: [expected.state, expected.state, expected.state, 'other', ''],
  code: ['the-code', 'the-code', ''],
  iss: [expected.issuer, expected.issuer, 'https://other.test', ''],
  error: ['access_denied', 'login_required', 'invalid_scope', ''],
};

const parameter = fc
  .constantFrom(...names)
  .chain((name) =>
    fc.tuple(fc.constant<string>(name), fc.oneof(fc.constantFrom(...(values[name] ?? [''])), outsideText())),
  );
const parameters = fc.oneof(
  fc.array(parameter, { maxLength: 6 }),
  fc
    .array(parameter, { maxLength: 2 })
    .map((more): [string, string][] => [
      ['code', 'the-code'],
      ['state', expected.state],
      ['iss', expected.issuer],
      ...more,
    ]),
);

it('is a code when everything about it is right, else a failure of the right kind that repeats no secret', () => {
  fc.assert(
    fc.property(parameters, fc.boolean(), (given, requiresIss) => {
      const query = new URLSearchParams(given);
      const outcome = outcomeOf(() =>
        checkAuthorizationResponse(`http://localhost:3000/callback?${query}`, { ...expected, requiresIss }),
      );
      const of = (name: string) => query.getAll(name);
      const isOurs = of('state').length === 1 && of('state')[0] === expected.state;
      const isOnce = names.slice(1, 6).every((name) => of(name).length <= 1);
      const [iss = null] = of('iss');
      const isRightIss = iss === expected.issuer || (iss === null && !requiresIss);
      const [code = ''] = of('code');
      const isError = (of('error')[0] ?? '') !== '';
      if ('value' in outcome) {
        expect({ isOurs, isOnce, isRightIss, isError }).toEqual({
          isOurs: true,
          isOnce: true,
          isRightIss: true,
          isError: false,
        });
        expect(outcome.value).toBe(code);
        expect(code).not.toBe('');
        return;
      }
      const { error } = outcome;
      expect(error.hint).not.toBe('');
      if (!isOurs) expect(error.code).toBe('state_mismatch');
      else if (!isOnce) expect(error.code).toBe('authorization_error');
      else if (!isRightIss) expect(error.code).toBe('issuer_mismatch');
      else expect(isError || code === '').toBe(true);
      const told = JSON.stringify([error.message, error.hint, error.details]);
      if (isOurs && code.length > 7) expect(told).not.toContain(code);
      if (isOurs) expect(told).not.toContain(expected.state);
    }),
  );
});

it('is a failure of ours whatever the query is, byte by byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), outsideText(), (a, b) => {
      const outcome = outcomeOf(() =>
        checkAuthorizationResponse(`http://localhost:3000/callback?${a}&state=${b}`, expected),
      );
      expect('error' in outcome && outcome.error.code).toBe('state_mismatch');
    }),
  );
});
