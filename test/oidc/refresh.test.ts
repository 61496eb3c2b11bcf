import { afterEach, describe, expect, it } from 'vitest';
import type { RefreshRequest } from '../../src/oidc/request.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { createSigningKey } from '../support/signed-jwt.js';
import { clientSecret, startSession } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const resource = 'https://api.example.test';
const moment = Date.now();

async function start(lies: Lies = {}, options: Parameters<typeof startSession>[1] = {}) {
  lying = await startLyingProvider();
  const session = await startSession(lying, options);
  lying.lies = lies;
  return session;
}

describe('a refresh', () => {
  it('is one request, and yields every token of its answer', async () => {
    const { refresh, tokens: before } = await start();
    const started = Date.now();
    const { tokens, unchecked, refreshToken } = await refresh();
    expect(unchecked).toBeNull();
    expect(tokens).toMatchObject({ tokenType: 'Bearer', scopes: ['openid', 'profile', 'offline_access'] });
    expect(lying.issued).toEqual(
      expect.arrayContaining([tokens?.accessToken, tokens?.idToken, refreshToken]),
    );
    expect(refreshToken).not.toBe(before.refreshToken);
    expect(tokens?.accessTokenExpiresAt).toBeGreaterThanOrEqual(started + 3_600_000);
    expect(tokens?.accessTokenExpiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(lying.requests.map(({ step }) => step)).toEqual(['token']);
  });

  it.each([
    [{}, {}],
    [{ resource }, { resource }],
    [{ organization: 'org-1' }, { organization_id: 'org-1' }],
    [
      { resource, organization: 'org-1' },
      { resource, organization_id: 'org-1' },
    ],
  ])('for %j sends just that', async (wanted, sent) => {
    const { refresh, tokens } = await start();
    await refresh(wanted);
    expect(Object.fromEntries(lying.requestsTo('token')[0]?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
      client_id: 'app',
      ...sent,
    });
  });

  it('authenticates a confidential client', async () => {
    const { refresh } = await start({}, { clientSecret });
    await refresh();
    expect(lying.requestsTo('token')[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('may bring neither an ID token nor a refresh token, and name no scope', async () => {
    const { refresh } = await start({
      tokenResponse: ({ access_token }) => ({ access_token, token_type: 'bearer' }),
    });
    expect(await refresh({ scopes: ['openid', 'mine'] })).toMatchObject({
      refreshToken: null,
      tokens: { idToken: null, scopes: ['openid', 'mine'], accessTokenExpiresAt: null, tokenType: 'Bearer' },
    });
  });

  it.each([undefined, null, ''])('may bring %j for an ID token and a refresh token', async (nothing) => {
    const { refresh } = await start({
      tokenResponse: (body) => ({ ...body, id_token: nothing, refresh_token: nothing }),
    });
    expect(await refresh()).toMatchObject({ refreshToken: null, unchecked: null, tokens: { idToken: null } });
  });

  it('may be granted nothing at all', async () => {
    const { refresh } = await start({ tokenResponse: (body) => ({ ...body, scope: '' }) });
    expect((await refresh()).tokens?.scopes).toEqual([]);
  });

  it('stops with the reason of the signal', async () => {
    const { provider, tokens } = await start({ answers: { token: () => 'handled' } });
    const controller = new AbortController();
    const request = { refreshToken: 'refresh-1', idToken: tokens.idToken, scopes: [] };
    const refreshed = provider.refresh({ ...request, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(refreshed).rejects.toThrow('enough');
  });

  it('that has been answered is not given up while the keys are on their way', async () => {
    const controller = new AbortController();
    const { refresh } = await start({
      answers: {
        jwks: () => {
          controller.abort(new Error('enough'));
          return 'honest';
        },
      },
    });
    lying.keys = [createSigningKey('second')];
    const { unchecked } = await refresh({ signal: controller.signal });
    expect(unchecked).toBeNull();
    expect(controller.signal.aborted).toBe(true);
  });
});

describe('the ID token of a refresh', () => {
  it.each([
    ['keeps the nonce', {}],
    ['lacks the nonce', { nonce: undefined }],
    ['lists its one audience', { aud: ['app'] }],
    ['tells a sign-in time where the first did not', { auth_time: 1 }],
  ])('may be one that %s', async (_, claims) => {
    const { refresh } = await start({ idToken: (_, honest) => ({ claims: { ...honest, ...claims } }) });
    expect((await refresh()).tokens?.idToken).toBeTypeOf('string');
  });

  it('may list its audiences in another order', async () => {
    const withAudiences = (aud: readonly string[]): Lies => ({
      idToken: (_, claims) => ({ claims: { ...claims, aud, azp: 'app' } }),
    });
    lying = await startLyingProvider(withAudiences(['app', 'other']));
    const { refresh } = await startSession(lying);
    lying.lies = withAudiences(['other', 'app']);
    await expect(refresh()).resolves.toMatchObject({ unchecked: null });
  });

  it.each([
    ['is fine where it is', {}, null],
    ['is fine without', { auth_time: undefined }, null],
    ['is refused with another', { auth_time: 1 }, 'auth_time'],
  ])('keeps the sign-in time of the first: it %s', async (_, claims, reason) => {
    lying = await startLyingProvider();
    const { refresh } = await startSession(lying, {}, { maxAge: 60 });
    lying.lies.idToken = (_, honest) => ({ claims: { ...honest, ...claims } });
    const refreshed = refresh();
    await (reason === null
      ? expect(refreshed).resolves.toMatchObject({ unchecked: null })
      : expect(refreshed).rejects.toMatchObject({ code: 'id_token_invalid', details: { reason } }));
  });
});

describe('the access token of a refresh', () => {
  it.each<[string, Partial<RefreshRequest>, string | readonly string[]]>([
    ['for a resource', { resource }, resource],
    ['for several, ours among them', { resource }, ['https://other.test', resource]],
    ['for an organization', { organization: 'org-1' }, 'urn:logto:organization:org-1'],
    ['for a resource within an organization', { resource, organization: 'org-1' }, resource],
    ['for whatever it likes where nothing was asked', {}, 'https://other.test'],
  ])('may be a JWT %s', async (_, wanted, aud) => {
    const { refresh } = await start({
      tokenResponse: (body) => ({ ...body, access_token: lying.sign({}, lying.claims({ aud })) }),
    });
    await expect(refresh(wanted)).resolves.toMatchObject({ unchecked: null });
  });

  it.each(['opaque', 'three.opaque.parts', 'five.parts.as.of.encryption'])(
    'may be opaque (%s)',
    async (token) => {
      const { refresh } = await start({ accessToken: () => token });
      expect((await refresh({ resource })).tokens?.accessToken).toBe(token);
    },
  );

  const exp = 2_000_000_000;
  it.each<[string, unknown, unknown, number | null]>([
    ['its own end', undefined, exp, exp * 1000],
    ['no end that is text', undefined, 'tomorrow', null],
    ['no end that no calendar has', undefined, 1e300, null],
    ['what the answer says instead', 0, exp, 0],
  ])('that is a JWT has %s', async (_, expires_in, ownEnd, expected) => {
    const { refresh } = await start(
      {
        accessToken: (claims) => ({ ...claims, exp: ownEnd }),
        tokenResponse: (body) => ({ ...body, expires_in }),
      },
      { now: () => moment },
    );
    const { tokens } = await refresh({ resource });
    expect(tokens?.accessTokenExpiresAt).toBe(expected === 0 ? moment : expected);
  });

  it.each<[string, Partial<RefreshRequest>, unknown]>([
    ['another resource', { resource }, 'https://other.test'],
    ['other resources', { resource }, ['https://other.test', 'https://another.test']],
    ['a resource that begins alike', { resource }, `${resource}/`],
    ['nothing', { resource }, undefined],
    ['an object', { resource }, { [resource]: true }],
    ['another organization', { organization: 'org-1' }, 'urn:logto:organization:org-2'],
    ['the organization alone', { resource, organization: 'org-1' }, 'urn:logto:organization:org-1'],
    ['a resource instead of the organization', { organization: 'org-1' }, resource],
  ])('that is a JWT for %s is refused', async (_, wanted, aud) => {
    const { refresh } = await start({ accessToken: (claims) => ({ ...claims, aud }) });
    await expect(refresh(wanted)).rejects.toMatchObject({
      code: 'token_response_invalid',
      message: expect.stringContaining('instead of'),
    });
  });
});
