import { afterEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import type { FetchInit } from '../../src/network/fetch.js';
import { discover } from '../../src/oidc/discovery.js';
import type { NamedBy } from '../../src/wording.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import type { Json } from '../support/signed-jwt.js';
import { connect } from './protocol-fixture.js';

/** A whole discovery document of an issuer. */
function documentOf(issuer: string, changes: Json = {}): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...changes,
  };
}

/** What `discover` says of a world in which these addresses have these documents. */
async function failureAt(
  issuer: string,
  world: Readonly<Record<string, Json | Response>>,
  namedBy?: NamedBy,
): Promise<LogtoError & { asked: string[] }> {
  const asked: string[] = [];
  const fetch = async (url: string, _init?: FetchInit) => {
    asked.push(url);
    const found = world[url.replace('/.well-known/openid-configuration', '')];
    if (found instanceof Response) return found.clone();
    return found === undefined ? new Response('', { status: 404 }) : Response.json(found);
  };
  const failure = await discover({ issuer, clientId: 'app', fetch, now: Date.now, namedBy }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(LogtoError);
  if (namedBy !== 'endpoint') {
    expect(
      `${(failure as LogtoError).message} ${(failure as LogtoError).hint}`.replaceAll('logto-cli', ''),
    ).not.toMatch(/Logto|Console/);
  }
  return Object.assign(failure as LogtoError, { asked });
}

describe('an issuer and a place that do not belong together', () => {
  const shared = 'https://login.test/common/v2.0';

  it('are told the value that works, once it was looked at', async () => {
    const tenant = 'https://login.test/1b2c/v2.0';
    const byName = 'https://login.test/contoso/v2.0';
    const failure = await failureAt(byName, { [byName]: documentOf(tenant), [tenant]: documentOf(tenant) });
    expect(failure).toMatchObject({
      code: 'issuer_mismatch',
      hint: `If that is the provider you mean, use --issuer ${tenant}`,
    });
    expect(failure.asked).toEqual(
      [byName, tenant].map((issuer) => `${issuer}/.well-known/openid-configuration`),
    );
  });

  it('are told where the document is, where only that works, and else why nothing does', async () => {
    const policy = 'https://b2c.test/contoso/policy/v2.0';
    const guid = 'https://b2c.test/1b2c/v2.0';
    expect(await failureAt(policy, { [policy]: documentOf(guid) })).toMatchObject({
      hint: expect.stringMatching(
        /since https:\S*1b2c\S* has no usable document: --issuer \S*1b2c\S* --discovery-url \S*policy/,
      ),
    });
    expect(await failureAt(policy, { [policy]: documentOf('https://id.b2c.test/1b2c') })).toMatchObject({
      hint: expect.stringMatching(/would not help: .*1b2c.* has no usable document/),
    });
    expect(await failureAt(policy, { [policy]: documentOf(guid) }, 'endpoint')).toMatchObject({
      hint: expect.stringMatching(/would not help: .*1b2c.* has no usable document/),
    });
    expect(await failureAt(policy, { [policy]: documentOf(guid), [guid]: documentOf(policy) })).toMatchObject(
      {
        hint: expect.stringMatching(/would not help: .*yet another issuer/),
      },
    );
  });

  it('put nothing of the provider into a hint that a shell would run, or that passes for a command of ours', async () => {
    const ours = 'https://one.test/oidc';
    for (const issuer of ['https://b.test/$(id)', 'https://b.test/`id` logto-cli exec -- sh']) {
      const { hint } = await failureAt(ours, { [ours]: documentOf(issuer) });
      expect(hint).toContain(`'${issuer}'`);
    }
  });

  it('are never sent in a circle between --issuer and --endpoint', async () => {
    const [one, other] = ['https://one.test/oidc', 'https://other.test/oidc'];
    const world = { [one]: documentOf(other), [other]: documentOf(one) };
    for (const issuer of [one, other]) {
      for (const namedBy of ['issuer', 'endpoint'] as const) {
        expect((await failureAt(issuer, world, namedBy)).hint).not.toMatch(/--(issuer|endpoint) https/);
      }
    }
  });

  it('are told an endpoint only where one was given, and only where it makes that issuer', async () => {
    const [one, other] = ['https://one.test/oidc', 'https://other.test/oidc'];
    const world = { [one]: documentOf(other), [other]: documentOf(other) };
    expect((await failureAt(one, world, 'endpoint')).hint).toContain('--endpoint https://other.test');
    expect((await failureAt(one, world, 'issuer')).hint).toContain('--issuer https://other.test/oidc');
    const slash = `${one}/`;
    expect((await failureAt(one, { [one]: documentOf(slash) }, 'endpoint')).hint).toContain(
      `--issuer ${slash}`,
    );
  });

  it.each([
    ['a slash', 'https://one.test/', 'https://one.test'],
    ['no slash', 'https://one.test', 'https://one.test/'],
    ['case of the host', 'https://one.test', 'https://One.test'],
    ['a port that is the usual one', 'https://one.test/x', 'https://one.test:443/x'],
  ])('that are the same place but for %s need no second look', async (_, issuer, found) => {
    const document = documentOf(found);
    const failure = await failureAt(issuer, { [issuer.replace(/\/$/, '')]: document });
    expect(failure.hint).toBe(`Use exactly what the provider says: --issuer ${found}`);
    expect(failure.asked).toHaveLength(1);
  });

  it.each(['{tenantid}', '%7Btenantid%7D', '{tenantId}'])(
    'with the placeholder %s are told to fill it',
    async (name) => {
      const failure = await failureAt(shared, { [shared]: documentOf(`https://login.test/${name}/v2.0`) });
      expect(failure.hint).toMatch(
        /put the ID of yours in the place of \{tenantid\}.*--issuer 'https:\/\/login.test\/<tenantid>\/v2.0'/i,
      );
      expect(failure.asked).toHaveLength(1);
    },
  );

  it('of which the found one is http blame the proxy', async () => {
    const issuer = 'https://one.test/oidc';
    const world = { [issuer]: documentOf('http://one.test/oidc') };
    expect((await failureAt(issuer, world)).hint).toMatch(/X-Forwarded-Proto: https/);
    expect((await failureAt(issuer, world, 'endpoint')).hint).toMatch(/TRUST_PROXY_HEADER=1.*ENDPOINT/);
  });

  it('of which the found one is localhost name what the provider has to say', async () => {
    const issuer = 'https://one.test/oidc';
    const world = { [issuer]: documentOf('http://localhost:3001/oidc') };
    const failure = await failureAt(issuer, world, 'endpoint');
    expect(failure.hint).toContain('Set ENDPOINT of Logto to https://one.test');
    expect(failure.asked).toHaveLength(1);
    expect((await failureAt(issuer, world)).hint).toContain(issuer);
  });

  it('of which the found one is no address at all blame the provider', async () => {
    for (const found of ['', 'x'.repeat(5000), 'javascript:alert(1)', 'https://a.test/`$(id)`', '//x']) {
      const failure = await failureAt('https://one.test', { 'https://one.test': documentOf(found) });
      expect(failure.hint).toMatch(/has to correct it/);
      expect(failure.hint).not.toContain('--issuer');
    }
  });
});

describe('endpoints', () => {
  const issuer = 'https://one.test/oidc';
  const plain = { [issuer]: documentOf(issuer, { token_endpoint: 'http://one.test/oidc/token' }) };

  it('of an https issuer that are http blame the proxy, and name the variable of Logto to its users alone', async () => {
    expect(await failureAt(issuer, plain, 'endpoint')).toMatchObject({
      code: 'discovery_invalid',
      hint: expect.stringMatching(/TRUST_PROXY_HEADER=1.*X-Forwarded-Proto/),
    });
    expect(await failureAt(issuer, plain)).toMatchObject({
      hint: expect.stringMatching(/^(?!.*TRUST_PROXY).*X-Forwarded-Proto/),
    });
  });

  it.each([
    ['empty', { token_endpoint: '' }, 'empty token_endpoint'],
    ['a number', { token_endpoint: 12 }, 'token_endpoint: 12'],
    ['relative', { jwks_uri: '/jwks' }, 'jwks_uri'],
    ['missing', { jwks_uri: undefined }, 'has no jwks_uri'],
    ['null', { authorization_endpoint: null }, 'has no authorization_endpoint'],
    ['http elsewhere', { token_endpoint: 'http://two.test/token' }, 'token_endpoint'],
    ['a list that is text', { scopes_supported: 'openid' }, 'scopes_supported'],
    ['a flag that is text', { require_pushed_authorization_requests: 'yes' }, 'require_pushed'],
    ['an issuer that is a number', { issuer: 5 }, 'issuer'],
  ])(
    'and fields that are wrong (%s) are the document’s fault, not the address’s',
    async (_, change, words) => {
      const failure = await failureAt(issuer, { [issuer]: documentOf(issuer, change) });
      expect(failure.message).toContain(words);
      expect(failure.hint).toMatch(/document is wrong/);
      expect(failure.hint).not.toMatch(/Check --/);
    },
  );
});

describe('an answer that is no discovery document', () => {
  const issuer = 'https://one.test/realms/x';
  const page = '<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head>';

  it.each([
    [401, '', /open to everybody/],
    [403, page, /open to everybody/],
    [404, 'Not Found', /Check --issuer.*oauth-authorization-server/],
    [410, '', /Check --issuer/],
    [200, page, /captive portal.*NO_PROXY/],
    [200, '', /Open https.*must answer with JSON/],
    [200, '{"hello":"world"}', /Check --issuer/],
  ])('(%i %s) is told what it can be', async (status, body, hint) => {
    const failure = await failureAt(issuer, { [issuer]: new Response(body, { status }) });
    expect(failure).toMatchObject({ code: 'discovery_invalid', hint: expect.stringMatching(hint) });
    if (body === page) expect(failure.message).toContain('Sign in to Wi-Fi');
  });

  it('names the field of the Console to whoever set an endpoint', async () => {
    const failure = await failureAt('https://one.test/oidc', {}, 'endpoint');
    expect(failure.hint).toMatch(/"Logto endpoint" of Logto's Console.*without \/oidc.*--issuer/);
  });
});

describe('127.0.0.1 in the place of localhost', () => {
  let lying: LyingProvider;
  afterEach(() => lying.close());

  it('is told the name that the provider has, and that one works', async () => {
    const lies: Lies = {};
    lying = await startLyingProvider(lies, { issuerPath: '/oidc' });
    const failure = await connect(lying, { issuer: lying.issuer.replace('localhost', '127.0.0.1') }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ hint: expect.stringContaining(`--issuer ${lying.issuer}`) });
    await expect(connect(lying)).resolves.toBeDefined();
  });
});
