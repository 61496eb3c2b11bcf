import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attack,
  clientSecret,
  type Deed,
  refresh,
  signIn,
  startAttack,
  userInfo,
} from '../support/attacked-client.js';
import { redirectTo } from '../support/hostile-answers.js';
import type { Step } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';

const statuses = [300, 301, 302, 303, 307, 308];

/** Waits for whatever is sent to it. */
let thief: LyingProvider;
beforeAll(async () => {
  thief = await startLyingProvider();
  return () => thief.close();
});
beforeEach(() => {
  thief.requests.length = 0;
});

const pushed: Deed = (attack) => {
  const { discovery } = attack.lying.lies;
  attack.lying.lies.discovery = (document) => ({
    ...(discovery?.(document) ?? document),
    require_pushed_authorization_requests: true,
  });
  return attack.client().signIn({ redirectUri: 'http://localhost:3000/callback' });
};

const secret: readonly { step: Step; what: string; deed: Deed; before?: Step[] }[] = [
  { step: 'token', what: 'the code and the secret', deed: signIn },
  { step: 'token', what: 'the refresh token and the secret', deed: refresh, before: ['jwks'] },
  { step: 'userinfo', what: 'the access token', deed: userInfo },
  { step: 'par', what: 'a pushed authorization request', deed: pushed },
];

describe.each(secret)(
  '$what never follow a redirect of the $step endpoint',
  ({ step, deed, before = [] }) => {
    it.each(
      statuses.flatMap((status) => [[status, 'to another origin'] as const, [status, 'to itself'] as const]),
    )('with %i %s', async (status, where) => {
      const attack = await startAttack({}, { hasSecret: true });
      const location = where === 'to itself' ? `/${step}` : `${thief.origin}/${step}`;
      attack.lying.lies = { answers: { [step]: redirectTo(location, status) } };
      await attack.refuses(deed, { code: 'provider_error', requests: ['discovery', ...before, step] });
      expect(thief.requests).toEqual([]);
    });
  },
);

describe('a revocation', () => {
  it.each(statuses)(
    'never takes the refresh token elsewhere with %i, and the tokens here are gone',
    async (status) => {
      const attack = await startAttack({}, { hasSecret: true });
      attack.lying.lies = { answers: { revoke: redirectTo(`${thief.origin}/revoke`, status) } };
      const report = await attack.client().signOutWithReport();
      expect(report).toMatchObject({ revocation: 'failed', failure: { code: 'provider_error' } });
      expect(thief.requests).toEqual([]);
      expect(attack.lying.requestsTo('revoke')).toHaveLength(1);
      expect(await attack.stored()).toEqual([null, null]);
      expect(JSON.stringify(report.failure)).not.toContain(clientSecret);
    },
  );
});

const published: readonly { step: 'discovery' | 'jwks'; path: string; before: Step[] }[] = [
  { step: 'discovery', path: '/.well-known/openid-configuration', before: [] },
  { step: 'jwks', path: '/jwks', before: ['discovery', 'token'] },
];

describe.each(published)('$step', ({ step, path, before }) => {
  const refuses = (attack: Attack, times: number) =>
    attack.refuses(signIn, {
      code: 'provider_error',
      requests: [...before, ...Array.from({ length: times }, () => step)],
    });

  it.each(statuses)('is not looked for at another origin (%i)', async (status) => {
    const attack = await startAttack();
    attack.lying.lies = { answers: { [step]: redirectTo(`${thief.origin}${path}`, status) } };
    await refuses(attack, 1);
    expect(thief.requests).toEqual([]);
  });

  it.each([
    ['the other scheme', (origin: string) => origin.replace('http:', 'https:')],
    ['another name of this machine', (origin: string) => origin.replace('localhost', '127.0.0.1')],
    ['another port', () => thief.origin],
    ['no scheme that is asked', () => 'file:///etc/passwd?'],
    ['a script', () => 'javascript:alert(1)//'],
  ])('is not looked for at %s', async (_, elsewhere) => {
    const attack = await startAttack();
    const { origin } = attack.lying;
    attack.lying.lies = { answers: { [step]: redirectTo(`${elsewhere(origin)}${path}`) } };
    await refuses(attack, 1);
    expect(thief.requests).toEqual([]);
  });

  it('is not looked for in a circle', async () => {
    const attack = await startAttack({ answers: { [step]: redirectTo(path) } });
    await refuses(attack, 4);
  });

  it('is not followed to nowhere', async () => {
    const attack = await startAttack({ answers: { [step]: { status: 302 } } });
    await refuses(attack, 1);
  });
});
