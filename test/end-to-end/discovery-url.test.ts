import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { documentOf, type ProgramOutcome } from '../support/program.js';
import { expire } from '../support/session-home.js';
import { startPolicyProvider, type TenantsProvider, tenants } from '../support/tenants-provider.js';
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
  it('signs a user in, whose session is of that tenant, and needs no setting from then on', async () => {
    provider.tenant = tenants.other;
    const signedIn = await tenancy.signIn(tenancy.flags);
    expect(signedIn, signedIn.stderr).toMatchObject({ exitCode: 0 });
    const own = provider.issuerOf(tenants.other);
    const { issuer, discoveryUrl } = provider.place;
    expect(documentOf(signedIn)).toMatchObject({ issuer: own, issuerTemplate: issuer, discoveryUrl });
    expect(signedIn.stderr).toContain(`app at ${issuer}`);

    provider.lying.requests.length = 0;
    expect(documentOf(await tenancy.run(['whoami', '--json']))).toMatchObject({
      issuer: own,
      claims: { tid: tenants.other },
    });
    expect((await tenancy.run(['whoami', '--expect', `iss=${own}`])).exitCode).toBe(0);
    expect((await tenancy.run(['whoami', '--expect', `iss=${issuer}`])).exitCode).toBe(1);
    expect(tenancy.asked).toEqual([]);
    // Neither does a flag that says the same.
    expect((await tenancy.run(['whoami', ...tenancy.flags])).exitCode).toBe(0);
    expect((await tenancy.run(['whoami', '--discovery-url', discoveryUrl])).exitCode).toBe(0);

    const token = await tenancy.run(['token', '--id-token', '--refresh']);
    expect(token, token.stderr).toMatchObject({ exitCode: 0 });
    expect(decodeJwt(token.stdout.trim())?.claims).toMatchObject({ iss: own });
    expect(tenancy.asked).toEqual(['token']);

    const signedOut = await tenancy.run(['sign-out', '--no-browser', '--timeout', '1', '--json']);
    expect(documentOf(signedOut)).toMatchObject({ tokens: 'cleared', revocation: 'done' });
    expect(tenancy.asked.slice(1)).toEqual(['discovery', 'revoke']);
  });

  it('signs nobody in whose token tells another tenant than it is of, and leaves the session before', async () => {
    expect(await tenancy.signIn(tenancy.flags)).toMatchObject({ exitCode: 0 });
    const before = tokensOf(home);
    for (const lie of [{ tid: tenants.other }, { tid: undefined }, { tid: '../evil' }]) {
      provider.idToken = (claims) => ({ ...claims, ...lie });
      const outcome = await tenancy.signIn(tenancy.flags);
      expect(outcome, outcome.stderr).toMatchObject({ exitCode: 6 });
      expect(documentOf(outcome)).toMatchObject({ error: { code: 'issuer_mismatch' } });
    }
    expect(tokensOf(home)).toEqual(before);
  });

  it('gets no other tenant into a session by a refresh', async () => {
    await tenancy.signIn(tenancy.flags);
    const before = tokensOf(home);
    await expire(home);
    provider.tenant = tenants.other;
    const outcome = await tenancy.run(['token', '--json']);
    expect(outcome.exitCode).toBe(6);
    expect(documentOf(outcome)).toMatchObject({
      error: { code: 'issuer_mismatch', details: { expected: provider.issuerOf(tenants.one) } },
    });
    expect(tokensOf(home).idToken).toBe(before.idToken);
  });

  it('is told apart from what verify finds in a token of another tenant', async () => {
    await tenancy.signIn(tenancy.flags);
    const { idToken } = tokensOf(home);
    const verified = (token: string) =>
      tenancy.run(['verify', '-', ...tenancy.flags.slice(0, 4), '--audience', 'app', '--json'], {}, token);
    const isIssuer = (outcome: ProgramOutcome) =>
      (documentOf(outcome) as { checks: { what: string; passed: boolean }[] }).checks.find(({ what }) =>
        what.startsWith('iss is the issuer'),
      )?.passed;
    expect(isIssuer(await verified(idToken))).toBe(true);
    const claims = provider.lying.claims({ iss: provider.issuerOf(tenants.one), tid: tenants.other });
    expect(isIssuer(await verified(provider.lying.sign({}, claims)))).toBe(false);
  });

  it('is examined by doctor and test, by the document that is set', async () => {
    const doctor = await tenancy.run(['doctor', ...tenancy.flags, '--json', '--port', '0']);
    const checks = (outcome: ProgramOutcome) =>
      (documentOf(outcome) as { checks: { id: string; outcome: string; message: string }[] }).checks;
    expect(checks(doctor)).toContainEqual(
      expect.objectContaining({
        id: 'provider.address',
        outcome: 'passed',
        message: expect.stringContaining(provider.place.discoveryUrl),
      }),
    );
    expect(checks(doctor)).toContainEqual(
      expect.objectContaining({ id: 'provider.discovery', outcome: 'passed' }),
    );
    // What a provider says to prompt=none where nobody is signed in.
    const answers = provider.lying.lies.answers ?? {};
    answers.authorize = ({ url: { searchParams: asked } }) => {
      if (asked.get('prompt') !== 'none') return 'honest';
      const back = new URL(asked.get('redirect_uri') ?? '');
      const said = {
        error: 'login_required',
        state: asked.get('state') ?? '',
        iss: provider.issuerOf(tenants.one),
      };
      back.search = new URLSearchParams(said).toString();
      return { status: 302, headers: { location: back.href } };
    };
    const test = await tenancy.run(['test', ...tenancy.flags, '--json', '--only', 'discovery,authorization']);
    for (const id of ['discovery.issuer', 'authorization.issuer']) {
      expect(checks(test)).toContainEqual(expect.objectContaining({ id, outcome: 'passed' }));
    }
  });
});

describe('an address with a password in it', () => {
  it('is refused where it is said to be that of a document, and not shown', async () => {
    await tenancy.signIn(tenancy.flags);
    const address = 'https://alice:hunter2@id.example.test/x';
    const { issuer } = provider.place;
    for (const args of [
      ['whoami', '--issuer', issuer, '--discovery-url', address],
      ['whoami', '--discovery-url', address],
      ['sign-in', '--discovery-url', address, '--app-id', 'a'],
      ['sign-in', '--issuer', issuer, '--discovery-url', address, '--app-id', 'a'],
      ['doctor', '--issuer', issuer, '--discovery-url', address, '--port', '0'],
      ['test', '--issuer', issuer, '--discovery-url', address, '--app-id', 'a'],
      ['config', 'show', '--issuer', issuer, '--discovery-url', address],
    ]) {
      const { stdout, stderr, exitCode } = await tenancy.run(args, { LOGTO_APP_SECRET: 'x' });
      expect(stdout + stderr, args.join(' ')).not.toContain('hunter2');
      expect(exitCode === 0).toBe(args[0] === 'config');
    }
  });
});

describe('a document without an issuer', () => {
  it('is not believed: what it names is told, and the flags that would do', async () => {
    const { discoveryUrl, issuer } = provider.place;
    for (const command of [['sign-in'], ['token', '--client-credentials'], ['test']]) {
      const outcome = await tenancy.run([
        ...command,
        '--discovery-url',
        discoveryUrl,
        '--app-id',
        'app',
        '--json',
      ]);
      expect(outcome.exitCode, outcome.stderr).toBe(2);
      expect(documentOf(outcome)).toMatchObject({
        error: { code: 'config_missing', hint: expect.stringContaining(`--issuer '${issuer}'`) },
      });
    }
    const doctor = await tenancy.run(['doctor', '--discovery-url', discoveryUrl, '--port', '0', '--json']);
    expect(documentOf(doctor)).toMatchObject({ outcome: 'failed' });
    expect(doctor.stdout).toContain(`--issuer '${issuer}'`);
    expect(new Set(tenancy.asked)).toEqual(new Set(['discovery']));
  });

  it('that cannot be reached, or may not be asked, is told without', async () => {
    const unreachable = await tenancy.run([
      'sign-in',
      '--discovery-url',
      'http://127.0.0.1:1/x',
      '--app-id',
      'a',
      '--json',
    ]);
    expect(documentOf(unreachable)).toMatchObject({ error: { code: 'config_missing' } });
    const plain = await tenancy.run([
      'sign-in',
      '--discovery-url',
      'http://id.example.test/x',
      '--app-id',
      'a',
      '--json',
    ]);
    expect(documentOf(plain)).toMatchObject({ error: { code: 'issuer_insecure' } });
    const beside = await tenancy.run([
      'sign-in',
      '--endpoint',
      'http://localhost:1',
      '--discovery-url',
      'http://localhost:1/x',
      '--json',
    ]);
    expect(documentOf(beside)).toMatchObject({ error: { code: 'config_invalid' } });
  });
});

describe('a document that is elsewhere', () => {
  it('is that of its issuer, and of no other', async () => {
    const { lying, discoveryUrl } = await startPolicyProvider();
    try {
      const app = ['--app-id', lying.clientId, '--discovery-url', discoveryUrl];
      const signedIn = await tenancy.signIn(['--issuer', lying.issuer, ...app], {}, { ...provider, lying });
      expect(signedIn, signedIn.stderr).toMatchObject({ exitCode: 0 });
      const document = documentOf(signedIn);
      expect(document).toMatchObject({ issuer: lying.issuer, discoveryUrl });
      expect(document).not.toHaveProperty('issuerTemplate');
      expect((await tenancy.run(['token', '--refresh'])).exitCode).toBe(0);

      const other = await tenancy.signIn(
        ['--issuer', 'https://id.example.test', ...app],
        {},
        { ...provider, lying },
      );
      expect(documentOf(other)).toMatchObject({
        error: { code: 'issuer_mismatch', hint: expect.stringContaining(`--issuer ${lying.issuer}`) },
      });
      expect((await tenancy.run(['whoami'])).exitCode).toBe(0);
    } finally {
      await lying.close();
    }
  });
});
