import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answer } from '../support/lies.js';
import { startLyingProvider } from '../support/lying-provider.js';
import { onlyFor, type RegisteredClient } from '../support/registered-client.js';
import { battery } from './battery-run.js';

const oddSecret = 'a/b+c=: %é';
const refusal: Answer = { status: 400, body: { error: 'unauthorized_client' } };

async function tested(
  client: Omit<RegisteredClient, 'clientId'>,
  secret?: string,
  args: readonly string[] = [],
) {
  const answer = onlyFor({ clientId: 'app', ...client });
  const lying = await startLyingProvider({ answers: { token: answer, revoke: answer, par: answer } });
  onTestFinished(() => lying.close());
  const only = ['--only', 'client,token', ...args];
  const run = await battery(['--issuer', lying.issuer, '--app-id', 'app', ...only], {
    environment: secret === undefined ? {} : { LOGTO_APP_SECRET: secret },
  });
  return { ...run, lying };
}

describe('the checks without a user', () => {
  it('find out how the provider reads a secret that has to be encoded, and go on with that', async () => {
    const { check, failures } = await tested({ secret: oddSecret, reads: ['basic, not decoded'] }, oddSecret);
    expect(check('client.authentication')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('does not decode'),
    });
    expect(check('token.code').outcome).toBe('passed');
    expect(failures).not.toHaveProperty('token.code');
  });

  it('authenticate as they are told to', async () => {
    const client = { secret: oddSecret, reads: ['post'] } as const;
    const { check, lying } = await tested(client, oddSecret, ['--auth-method', 'client_secret_post']);
    expect(check('client.authentication').outcome).toBe('passed');
    // What is not sent in the header cannot be refused there.
    expect(check('client.challenge')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('client_secret_post'),
    });
    expect(lying.requestsTo('token').some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  it.each([
    ['a wrong secret', 'wrong'],
    ['a missing secret', undefined],
  ])('do not pass %s where everybody is told unauthorized_client', async (_, secret) => {
    const { check } = await tested({ secret: 'the-secret', reads: ['basic'], refusal }, secret);
    expect(check('client.authentication').outcome).toBe('incomplete');
  });

  it('pass the right one there', async () => {
    const { check } = await tested({ secret: 'the-secret', reads: ['basic'], refusal }, 'the-secret');
    expect(check('client.authentication').outcome).toBe('passed');
  });
});
