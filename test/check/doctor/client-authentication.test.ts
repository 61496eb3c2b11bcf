import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answer, Answering, Lies } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { onlyFor, type Reading, type RegisteredClient } from '../../support/registered-client.js';
import { doctor } from './doctor-run.js';

const oddSecret = 'a/b+c=: %é';
const refusal: Answer = { status: 400, body: { error: 'unauthorized_client' } };

const nobodyIsSignedIn: Answering = ({ url: { searchParams } }) => ({
  status: 303,
  headers: {
    Location: `${searchParams.get('redirect_uri')}?error=login_required&state=${searchParams.get('state')}`,
  },
});

async function examined(
  client: Omit<RegisteredClient, 'clientId'>,
  {
    appId = 'app',
    secret = '',
    args = [],
    discovery = (it) => it,
    isPushed = false,
    isAlike = false,
  }: Examination = {},
) {
  const answer = onlyFor({ clientId: 'app', ...client });
  const lying = await startLyingProvider({
    answers: { token: answer, revoke: answer, par: answer, ...(isAlike && { authorize: nobodyIsSignedIn }) },
    discovery: (document) => discovery({ ...document, require_pushed_authorization_requests: isPushed }),
  });
  onTestFinished(() => lying.close());
  const run = await doctor(['--issuer', lying.issuer, '--app-id', appId, '--port', '0', ...args], {
    environment: secret === '' ? {} : { LOGTO_APP_SECRET: secret },
  });
  return { ...run, lying };
}

interface Examination {
  readonly appId?: string;
  readonly secret?: string;
  readonly args?: readonly string[];
  readonly discovery?: NonNullable<Lies['discovery']>;
  readonly isPushed?: boolean;
  /** Whether the authorization endpoint tells everybody that nobody is signed in. */
  readonly isAlike?: boolean;
}

describe('doctor, where the provider does not read the secret in the header', () => {
  it.each<[Reading[], string, boolean]>([
    [['basic, not decoded', 'post'], '--auth-method client_secret_post', false],
    [['basic, not decoded', 'post'], '--auth-method client_secret_post', true],
    [['basic, not decoded'], 'letters', false],
    [['basic, not decoded'], 'letters', true],
  ])(
    'finds the secret right, and says how it is taken (%j: %s; pushed: %s)',
    async (reads, hint, isPushed) => {
      const { check, faults, exitCode } = await examined(
        { secret: oddSecret, reads },
        { secret: oddSecret, isPushed },
      );
      expect(check('application.secret')).toMatchObject({
        outcome: 'warning',
        message: expect.stringContaining('It is right.'),
        hint: expect.stringContaining(hint),
      });
      expect(faults).toEqual({ 'application.secret': 'warning' });
      expect(exitCode).toBe(0);
    },
  );

  it('still finds a wrong one wrong', async () => {
    const { faults } = await examined({ secret: oddSecret, reads: ['post'] }, { secret: `${oddSecret}x` });
    expect(faults).toEqual({ 'application.secret': 'failed client_rejected' });
  });

  it('sends it as it was told to', async () => {
    const { faults, lying } = await examined(
      { secret: oddSecret, reads: ['post'] },
      { secret: oddSecret, args: ['--auth-method', 'client_secret_post'] },
    );
    expect(faults).toEqual({});
    expect(lying.requestsTo('token').every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });
});

describe('doctor, where unauthorized_client is told before anybody has authenticated', () => {
  const client = { secret: 'the-secret', reads: ['basic', 'post'], refusal } as const;

  it('finds a sound application sound', async () => {
    expect(await examined(client, { secret: 'the-secret' })).toMatchObject({ faults: {}, exitCode: 0 });
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'type'],
    ['a missing secret', {}, 'type'],
    ['an unknown application', { appId: 'nobody', secret: 'the-secret', isAlike: true }, 'exists'],
  ])('does not pass %s: it cannot tell', async (_, examination, id) => {
    const { faults, exitCode } = await examined(client, examination);
    expect(faults).toMatchObject({ [`application.${id}`]: 'incomplete' });
    expect(exitCode).toBe(3);
  });

  it('finds an unknown application where the authorization endpoint tells it from ours', async () => {
    const { faults, exitCode } = await examined(client, { appId: 'nobody', secret: 'the-secret' });
    expect(faults).toEqual({ 'application.exists': 'failed client_rejected' });
    expect(exitCode).toBe(1);
  });

  it('names a type that is wrong where strangers are told something else', async () => {
    const { check } = await examined(
      { secret: 'the-secret', reads: ['basic'], answer: () => refusal },
      { secret: 'the-secret' },
    );
    expect(check('application.type')).toMatchObject({ outcome: 'warning', code: 'grant_type_not_allowed' });
    expect(check('application.secret')).toMatchObject({ outcome: 'passed', message: 'right' });
  });
});

describe('doctor, where the application cannot authenticate', () => {
  it.each([
    [['private_key_jwt'], 'config_missing', '--client-key'],
    [['tls_client_auth'], 'config_invalid', '--auth-method'],
  ])('says so of a provider that lists %j, and sends no secret', async (methods, code, hint) => {
    const { faults, check, lying } = await examined(
      { secret: 'the-secret', reads: ['basic'] },
      {
        secret: 'the-secret',
        discovery: (document) => ({ ...document, token_endpoint_auth_methods_supported: methods }),
      },
    );
    expect(faults).toEqual({ 'application.secret': `failed ${code}` });
    expect(check('application.secret').hint).toContain(hint);
    expect(lying.requestsTo('token')).toEqual([]);
  });
});
