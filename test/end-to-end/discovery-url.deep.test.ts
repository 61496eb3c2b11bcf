import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, readText, startLocalServer } from '../support/local-server.js';
import { documentOf } from '../support/program.js';
import { type TenantsProvider, tenants } from '../support/tenants-provider.js';
import { tokensOf } from './sign-in-run.js';
import { TenantsRun } from './tenants-run.js';

let tenancy: TenantsRun;
let provider: TenantsProvider;
let home: string;
beforeEach(async () => {
  tenancy = await TenantsRun.start();
  ({ provider, home } = tenancy);
});
afterEach(() => tenancy.close());

describe('a provider with an issuer for each tenant', () => {
  it('is signed in to by variables, and by a profile that was set', async () => {
    const { issuer, discoveryUrl } = provider.place;
    const variables = {
      LOGTO_CLI_ISSUER: issuer,
      LOGTO_CLI_DISCOVERY_URL: discoveryUrl,
      LOGTO_APP_ID: provider.lying.clientId,
    };
    expect(await tenancy.signIn(['--profile', 'by-variables'], variables)).toMatchObject({ exitCode: 0 });

    const set = await tenancy.run(['profile', 'set', 'entra', ...tenancy.flags, '--json']);
    expect(documentOf(set)).toEqual({ name: 'entra', issuer, discoveryUrl, appId: 'app' });
    expect(documentOf(await tenancy.run(['profile', 'show', 'entra', '--json']))).toMatchObject({
      discoveryUrl,
    });
    expect(await tenancy.signIn(['--profile', 'entra'])).toMatchObject({ exitCode: 0 });
    const shown = documentOf(await tenancy.run(['config', 'show', '--profile', 'entra', '--json'])) as {
      settings: { name: string }[];
    };
    expect(shown.settings).toContainEqual(
      expect.objectContaining({ name: 'discoveryUrl', value: discoveryUrl, source: 'profile' }),
    );
    // Another issuer takes the place of both.
    await tenancy.run(['profile', 'set', 'entra', '--issuer', 'https://id.example.test']);
    expect(documentOf(await tenancy.run(['profile', 'show', 'entra', '--json']))).toEqual({
      name: 'entra',
      issuer: 'https://id.example.test',
      appId: 'app',
      storage: 'file',
      session: 'file',
    });
  });

  it('is sent nothing of a session where another document, or the issuer of the tenant, is set', async () => {
    await tenancy.signIn(tenancy.flags);
    provider.lying.requests.length = 0;
    const { issuer } = provider.place;
    for (const others of [
      ['--discovery-url', `${provider.lying.origin}/evil/.well-known/openid-configuration`],
      ['--issuer', issuer, '--discovery-url', 'https://evil.test/.well-known/openid-configuration'],
      ['--issuer', provider.issuerOf(tenants.one)],
      ['--issuer', provider.issuerOf(tenants.one), '--discovery-url', provider.place.discoveryUrl],
    ]) {
      for (const command of [['whoami'], ['token', '--refresh'], ['sign-out', '--local']]) {
        const outcome = await tenancy.run([...command, ...others]);
        expect(outcome, outcome.stderr).toMatchObject({ exitCode: 4 });
        expect(outcome.stderr).toContain('not_signed_in');
      }
    }
    expect(tenancy.asked).toEqual([]);
    expect((await tenancy.run(['whoami'])).exitCode).toBe(0);
  });
});

describe('somebody who can only say where the document is', () => {
  const secret = 'canary-app-secret-0123456789';
  let attacker: LocalServer;
  let taken: string[];
  beforeEach(async () => {
    taken = [];
    attacker = await startLocalServer(async (request, response) => {
      taken.push(`${request.url} ${JSON.stringify(request.headers)} ${await readText(request)}`);
      const { origin } = attacker;
      response.setHeader('content-type', 'application/json');
      // The issuer that is trusted, and every endpoint his own.
      response.end(
        JSON.stringify({
          issuer: provider.lying.issuer,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          userinfo_endpoint: `${origin}/userinfo`,
          revocation_endpoint: `${origin}/revoke`,
          jwks_uri: `${origin}/jwks`,
          id_token_signing_alg_values_supported: ['ES256'],
          response_types_supported: ['code'],
        }),
      );
    });
    provider.lying.lies = {};
  });
  afterEach(() => attacker.close());

  const commands = [
    ['whoami', '--remote'],
    ['token', '--refresh'],
    ['token', '--client-credentials'],
    ['sign-in', '--no-browser', '--port', '0', '--timeout', '1'],
    ['doctor', '--port', '0'],
    ['test', '--only', 'token'],
    ['sign-out', '--no-browser', '--timeout', '1'],
  ];

  it.each([
    ['the place alone', false],
    ['the place beside the issuer that is trusted', true],
  ])('in the file of --dotenv gets no secret and no token of the profile by %s', async (_, withIssuer) => {
    const { issuer, clientId } = provider.lying;
    const application = ['--issuer', issuer, '--app-id', clientId];
    const set = ['profile', 'set', 'default', ...application, '--storage', 'file', '--app-secret-stdin'];
    await tenancy.run(set, {}, secret);
    expect(await tenancy.signIn([])).toMatchObject({ exitCode: 0 });
    const { refreshToken, accessTokens, idToken } = tokensOf(home);
    const lines = [
      `LOGTO_CLI_DISCOVERY_URL=${attacker.origin}/x`,
      ...(withIssuer ? [`LOGTO_CLI_ISSUER=${issuer}`] : []),
    ];
    await writeFile(join(home, 'evil.env'), lines.join('\n'));
    for (const command of commands) {
      const outcome = await tenancy.run([...command, '--dotenv', join(home, 'evil.env')]);
      expect(outcome.exitCode, command.join(' ')).not.toBe(0);
    }
    for (const held of [
      secret,
      refreshToken,
      idToken,
      ...accessTokens.map(({ token }: { token: string }) => token),
    ])
      expect(taken.join('\n')).not.toContain(held);
    expect(taken.join('\n')).not.toMatch(/^\/(revoke|userinfo)/m);
    // What was there is there.
    expect((await tenancy.run(['token', '--refresh'])).exitCode).toBe(0);
  });

  it('in the file of --dotenv moves nothing where the environment names the issuer', async () => {
    const { issuer, clientId } = provider.lying;
    await writeFile(
      join(home, 'evil.env'),
      `LOGTO_CLI_DISCOVERY_URL=${attacker.origin}/x\nLOGTO_CLI_ISSUER=${issuer}`,
    );
    const environment = { LOGTO_CLI_ISSUER: issuer, LOGTO_APP_ID: clientId, LOGTO_APP_SECRET: secret };
    const outcome = await tenancy.run(
      ['token', '--client-credentials', '--dotenv', join(home, 'evil.env')],
      environment,
    );
    expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    expect(taken).toEqual([]);
    await writeFile(join(home, 'evil.env'), `LOGTO_CLI_DISCOVERY_URL=${attacker.origin}/x`);
    const told = await tenancy.run(
      ['token', '--client-credentials', '--dotenv', join(home, 'evil.env')],
      environment,
    );
    expect(told).toMatchObject({ exitCode: 0 });
    expect(told.stderr).toContain('LOGTO_CLI_DISCOVERY_URL of the file of --dotenv is set without an issuer');
    expect(taken).toEqual([]);
  });

  it('by a flag is told that the secret of the environment is for another document, and gets none', async () => {
    const { issuer, clientId } = provider.lying;
    const environment = { LOGTO_CLI_ISSUER: issuer, LOGTO_APP_ID: clientId, LOGTO_APP_SECRET: secret };
    const outcome = await tenancy.run(
      ['token', '--client-credentials', '--issuer', issuer, '--discovery-url', `${attacker.origin}/x`],
      environment,
    );
    expect(outcome.exitCode).not.toBe(0);
    expect(outcome.stderr).toContain(`names ${issuer} (by the document ${attacker.origin}/x)`);
    expect(taken.join('\n')).not.toContain(secret);
  });
});
