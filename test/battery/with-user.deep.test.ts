import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckOutcome } from '../../src/check/run/check.js';
import { choose } from '../../src/check/run/claused-check.js';
import type { ChecksReport } from '../../src/check/run/run-checks.js';
import { checksWithUser } from '../../src/check/with-user/checks-with-user.js';
import type { TestedUserOptions } from '../../src/check/with-user/signing-in.js';
import { TestedUser } from '../../src/check/with-user/tested-user.js';
import { checksWithoutUser } from '../../src/check/without-user/checks-without-user.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { failureOf } from '../support/failure-of.js';
import { type KeptTraffic, keepTraffic } from '../support/kept-traffic.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { interruption } from '../support/test-runtime.js';
import { applications, optionsAt, runAtEmulator } from './run-with-user.js';

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  emulator = await startEmulator();
  fetch = await createFetch({ environment: {}, timeout: 60_000 });
});
afterAll(() => emulator.close());

/** The ids of the checks that ended so. */
function ended(report: ChecksReport, outcome: CheckOutcome): string[] {
  return report.checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
}

/** Checks that need no waiting. */
const quickChecks = checksWithUser.filter(({ id }) => !id.startsWith('refresh.reuse'));

const known = ['code.no-redirect-uri', 'userinfo.updated-at'];
/** What an application of the default seed may not do, unless it is one with a secret. */
const exchange = checksWithUser.map(({ id }) => id).filter((id) => id.startsWith('exchange.'));

describe('the checks with a user', () => {
  it.each([
    ['Native', [...known, 'refresh.reuse-at-once', 'session.silent'], exchange],
    ['SPA', [...known, 'refresh.reuse-at-once'], exchange],
    ['Traditional', known, ['refresh.reuse-at-once', 'refresh.reuse', 'refresh.reuse-ends-tokens']],
  ] as const)(
    'pass for a %s application, and tell what Logto is known for',
    async (type, warnings, skipped) => {
      const report = await runAtEmulator(emulator, fetch, applications[type]);
      expect(ended(report, 'failed')).toEqual([]);
      expect(ended(report, 'incomplete')).toEqual([]);
      expect(ended(report, 'warning').toSorted()).toEqual([...warnings].toSorted());
      expect(ended(report, 'skipped')).toEqual(skipped);
      expect(report.outcome).toBe('passed');
      expect(report.checks).toHaveLength(checksWithUser.length + 1);
      // No machine is quicker than the grace of a refresh token.
      const waited = report.waits?.find(({ until }) => until === 'a replaced refresh token is old');
      if (type === 'Traditional') expect(waited).toBeUndefined();
      else expect(waited?.durationMs).toBeGreaterThan(3_000);
    },
  );

  it('leave out what nobody named', async () => {
    const { clientId } = applications.SPA;
    const report = await runAtEmulator(
      emulator,
      fetch,
      { clientId, scopes: [], resources: [], organization: undefined as never },
      { checks: quickChecks },
    );
    expect(report.outcome).toBe('passed');
    expect(ended(report, 'skipped').every((id) => /^(resource|organization|exchange)\./.test(id))).toBe(true);
    expect(ended(report, 'passed')).toContain('resource.unknown');
  });

  it('have ids of their own, and name their clause in what they say', async () => {
    const ids = [...checksWithoutUser, ...checksWithUser].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const report = await runAtEmulator(emulator, fetch, {}, { checks: checksWithUser.slice(0, 5) });
    expect(report.checks[0]?.message).toMatch(/ \[OpenID Connect Core 1\.0, 3\.1\.2\.5\]$/);
  });
});

/** The tokens and sessions that still work. */
async function alive({ refreshTokens, accessTokens, sessions }: KeptTraffic): Promise<string[]> {
  const found: string[] = [];
  for (const token of refreshTokens) {
    const form = { grant_type: 'refresh_token', refresh_token: token, client_id: 'emulator-native' };
    const body = new URLSearchParams(form);
    if ((await fetch(`${emulator.issuer}/token`, { method: 'POST', body })).ok) found.push('refresh token');
  }
  for (const token of accessTokens) {
    const headers = { authorization: `Bearer ${token}` };
    if ((await fetch(`${emulator.issuer}/me`, { headers })).ok) found.push('access token');
  }
  for (const cookie of sessions) {
    const url = new URL(`${emulator.issuer}/auth`);
    const query = { client_id: 'emulator-spa', response_type: 'code', scope: 'openid', prompt: 'none' };
    const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' };
    url.search = new URLSearchParams({ ...query, ...challenge }).toString();
    const location = (await fetch(url.href, { headers: { cookie } })).headers.get('location') ?? '';
    if (!location.includes('error=login_required')) found.push('session');
  }
  return found;
}

describe('a run of the checks with a user', () => {
  it('leaves no token and no session alive, and tells none', async () => {
    const kept = keepTraffic(fetch);
    const report = await runAtEmulator(emulator, kept.fetch);
    expect(kept.refreshTokens.size).toBeGreaterThan(10);
    expect(kept.sessions.size).toBeGreaterThan(5);
    expect(await alive(kept)).toEqual([]);
    const told = JSON.stringify(report);
    expect([...kept.secrets].filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toContain('emulator-only-alice');
  });

  it.each([
    [
      'JWTs, and the grants of exchanges at Logto',
      { ...applications.Traditional, namedBy: 'endpoint' },
      /^every session is ended, and every token revoked that can be; an API that verifies JWTs by itself takes \d+ of them until they expire; the \d+ exchanges leave a grant each, which Logto keeps for 180 days$/,
    ],
    [
      'JWTs, and no word of Logto elsewhere',
      applications.Traditional,
      /that can be; an API that verifies JWTs by itself takes \d+ of them until they expire$/,
    ],
    [
      'nothing where there was none of it',
      { resources: [], organization: undefined as never },
      /that can be$/,
    ],
  ] as const)('tells what nobody can end: %s', async (_, options, said) => {
    const { checks } = choose(checksWithUser, ['exchange', 'resource', 'refresh.works']);
    const report = await runAtEmulator(emulator, fetch, options as Partial<TestedUserOptions>, { checks });
    const told = report.checks.find(({ id }) => id === 'clean-up.ended');
    expect(told).toMatchObject({ outcome: 'passed', message: expect.stringMatching(said) });
  });

  it('leaves nothing behind when it is interrupted in the middle', async () => {
    const interrupted = new AbortController();
    const kept = keepTraffic(fetch);
    const interrupting: Fetch = async (url, init) => {
      const response = await kept.fetch(url, init);
      if (!url.endsWith('/oidc/token') || kept.refreshTokens.size === 0) return response;
      // Issued, and not heard of yet.
      interrupted.abort(interruption());
      await delay(100);
      return response;
    };
    const failure = await failureOf(runAtEmulator(emulator, interrupting, { signal: interrupted.signal }));
    expect(failure.code).toBe('interrupted');
    expect(kept.refreshTokens.size).toBeGreaterThan(0);
    expect(await alive(kept)).toEqual([]);
  });

  it('has at most four sign-ins under way, and none after its end', async () => {
    let [underWay, most] = [0, 0];
    const counting: Fetch = async (url, init) => {
      const { pathname } = new URL(url);
      if (pathname === '/api/experience') most = Math.max(most, ++underWay);
      const response = await fetch(url, init);
      if (pathname === '/api/experience/submit') underWay -= 1;
      return response;
    };
    const subject = new TestedUser(optionsAt(emulator, counting));
    await Promise.all(Array.from({ length: 10 }, () => subject.newSession()));
    expect(most).toBe(4);
    const late = await subject.authorize(subject.newBrowser());
    expect((await subject.close()).alive).toEqual([]);
    // Nobody would revoke what came now.
    expect((await failureOf(subject.exchanged(late))).code).toBe('interrupted');
    expect((await failureOf(subject.newSession())).code).toBe('interrupted');
  });

  it('tries a wrong password once, and says so', async () => {
    const kept = keepTraffic(fetch);
    const user = { identifier: { type: 'username', value: 'alice' } as const, password: 'wrong' };
    const report = await runAtEmulator(emulator, kept.fetch, { user });
    expect(report.checks[0]).toMatchObject({ outcome: 'failed', code: 'credentials_rejected' });
    expect(ended(report, 'skipped')).toHaveLength(checksWithUser.length - 1);
    expect(report.outcome).toBe('failed');
    expect(kept.requests.filter((request) => request.endsWith('/verification/password'))).toHaveLength(1);
  });

  it('says whom the application is not for, and asks nothing more', async () => {
    const [native] = defaultSeed().applications;
    if (native === undefined) throw new Error('the seed has no application');
    const seed = { applications: [{ ...native, accessControl: { users: ['bob'] } }] };
    const closed = await startEmulator({ seed });
    onTestFinished(() => closed.close());
    const report = await runAtEmulator(closed, fetch);
    expect(report.checks[0]).toMatchObject({ id: 'sign-in.code', outcome: 'failed', code: 'access_denied' });
    expect(ended(report, 'skipped')).toHaveLength(checksWithUser.length - 1);
    expect(ended(report, 'passed')).toEqual(['clean-up.ended']);
  });

  it('names what is not registered', async () => {
    const options = { postLogoutRedirectUri: 'http://localhost:3000/elsewhere' };
    const report = await runAtEmulator(emulator, fetch, options, { checks: quickChecks });
    const found = report.checks.find(({ id }) => id === 'sign-out.redirect');
    expect(found).toMatchObject({ outcome: 'failed', code: 'post_logout_redirect_uri_not_registered' });
    expect(ended(report, 'failed')).toEqual(['sign-out.redirect']);
  });

  it('is incomplete where an endpoint is down', async () => {
    const withoutTokens: Fetch = async (url, init) =>
      url.endsWith('/oidc/token') ? new Response('', { status: 503 }) : fetch(url, init);
    const down = await runAtEmulator(emulator, withoutTokens);
    expect(ended(down, 'incomplete')).toEqual(['code.exchange']);
    expect(ended(down, 'failed')).toEqual([]);
    expect(ended(down, 'passed')).toEqual([
      'sign-in.code',
      'sign-in.state',
      'sign-in.issuer',
      'sign-in.login-hint',
      'clean-up.ended',
    ]);
    expect(down.outcome).toBe('incomplete');
  });

  it('begins at no provider elsewhere unless that is allowed', async () => {
    const asked: string[] = [];
    const nowhere: Fetch = async (url) => {
      asked.push(url);
      throw new LogtoError('network_unreachable', 'Nobody is there.', 'Try again.');
    };
    const elsewhere = { issuer: 'https://tenant.example/oidc' };
    const failure = await failureOf(runAtEmulator(elsewhere, nowhere));
    expect(failure).toMatchObject({ code: 'usage_invalid', hint: expect.stringContaining('--allow-remote') });
    expect(asked).toEqual([]);
    const report = await runAtEmulator(elsewhere, nowhere, {}, { allowRemote: true });
    expect(asked).not.toEqual([]);
    expect(ended(report, 'incomplete')).toEqual(['sign-in.code']);
  });

  it('refuses a provider that is not Logto, which is not told the password', async () => {
    const plain = await startPlainProvider();
    try {
      const sent: string[] = [];
      const listening: Fetch = (url, init) => {
        sent.push(String(init?.body ?? ''));
        return fetch(url, init);
      };
      const failure = await failureOf(runAtEmulator(plain, listening, { clientId: 'plain-public' }));
      expect(failure.code).toBe('headless_unsupported');
      expect(sent.join()).not.toContain('emulator-only-alice');
    } finally {
      await plain.close();
    }
  });
});
