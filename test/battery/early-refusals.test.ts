import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { battery } from './battery-run.js';
import {
  type Fault,
  type FaultyAnswer,
  FaultyProvider,
  type FaultyRequest,
  type Step,
} from './faulty-provider.js';

let emulator: Emulator;
let provider: FaultyProvider;
beforeAll(async () => {
  emulator = await startEmulator({ seed: defaultSeed() });
  provider = await FaultyProvider.start(emulator.endpoint);
});
afterAll(async () => {
  await provider.close();
  await emulator.close();
});

const appSecret = 'emulator-only-app-secret';

function run(fault: Fault, only: string, application: 'native' | 'traditional' = 'native') {
  provider.fault = fault;
  const args = ['--app-id', `emulator-${application}`, '--only', only];
  return battery(['--endpoint', provider.addressOf(emulator.endpoint), ...args], {
    environment: { LOGTO_APP_SECRET: application === 'traditional' ? appSecret : undefined },
  }).finally(() => {
    provider.fault = null;
  });
}

const json = (status: number, body: object): FaultyAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
const page: FaultyAnswer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome' };

/** The one fault that is judged by one check. */
function at(
  step: Step,
  when: (parameters: URLSearchParams, request: FaultyRequest) => boolean,
  answer: FaultyAnswer,
): Fault {
  return (request, honest) => (request.step === step && when(request.parameters, request) ? answer : honest);
}

const has = (name: string, value: string) => (sent: URLSearchParams) => sent.get(name) === value;
const isOtherSecret = (_: URLSearchParams, { headers: { authorization = '' } }: FaultyRequest) =>
  Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')[1] !== appSecret;
const isCode = has('grant_type', 'authorization_code');
const ofTraditional = (sent: URLSearchParams, request: FaultyRequest) =>
  sent.get('client_id') === 'emulator-traditional' ||
  Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64')
    .toString()
    .startsWith('emulator-traditional:');

describe('a refusal of what is made up in a request, which may come before the point', () => {
  it.each([
    ['token.password', has('grant_type', 'password')],
    ['token.duplicate', (sent: URLSearchParams) => isCode(sent) && sent.getAll('code').length > 1],
  ])('does not tell: %s is incomplete, and alone ends with 3', async (id, when) => {
    const { failures, incomplete, exitCode } = await run(
      at('token', when, json(400, { error: 'invalid_grant' })),
      id,
    );
    expect({ failures, exitCode }).toEqual({ failures: {}, exitCode: 3 });
    expect(Object.keys(incomplete)).toEqual([id]);
    expect(incomplete[id]).toContain('Cannot tell');
  });

  it('does not tell a wrong and a missing secret from a code that is looked for first', async () => {
    const when = (sent: URLSearchParams, request: FaultyRequest) =>
      isCode(sent) && ofTraditional(sent, request) && isOtherSecret(sent, request);
    const { failures, incomplete, exitCode } = await run(
      at('token', when, json(400, { error: 'invalid_grant' })),
      'client.wrong-secret,client.no-secret',
      'traditional',
    );
    expect({ failures, exitCode }).toEqual({ failures: {}, exitCode: 3 });
    expect(Object.keys(incomplete)).toEqual(['client.wrong-secret', 'client.no-secret']);
  });

  it('is worth a warning where a GET finds no application', async () => {
    const { warnings, exitCode } = await run(
      at('token', (_, { method }) => method === 'GET', json(401, { error: 'invalid_client' })),
      'token.method',
    );
    expect(exitCode).toBe(0);
    expect(warnings['token.method']).toContain('invalid_client');
  });

  it('is a refusal with the status of success too, and worth a warning', async () => {
    const { failures, warnings } = await run(
      at('token', has('grant_type', 'logto-cli-test'), json(200, { error: 'unsupported_grant_type' })),
      'token.unknown-grant',
    );
    expect(failures).toEqual({});
    expect(warnings['token.unknown-grant']).toContain('200 unsupported_grant_type');
  });
});

describe('revocation by an application without a secret', () => {
  const ofApplication = (sent: URLSearchParams) => sent.has('client_id');
  const refusal = at('revocation', ofApplication, json(401, { error: 'invalid_client' }));

  it('is not asked for where discovery lists that it wants one', async () => {
    const asked: string[] = [];
    const { check } = await run((request, honest) => {
      asked.push(`${request.step} ${request.parameters.get('client_id')}`);
      if (request.step !== 'discovery') return honest;
      const document = { ...JSON.parse(honest.body) };
      document.revocation_endpoint_auth_methods_supported = ['client_secret_basic'];
      return { ...honest, body: JSON.stringify(document) };
    }, 'revocation.unknown-token');
    expect(check('revocation.unknown-token')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('this one has no secret'),
    });
    expect(asked).not.toContain('revocation emulator-native');
  });

  it('is skipped where the endpoint says so itself', async () => {
    const { check, exitCode } = await run(refusal, 'revocation.unknown-token');
    expect(check('revocation.unknown-token').outcome).toBe('skipped');
    expect(exitCode).toBe(0);
  });
});

it('does not tell what becomes of tokens where the endpoint refuses an application with its secret', async () => {
  const when = (_: URLSearchParams, { headers }: FaultyRequest) => headers.authorization !== undefined;
  const { incomplete, failures } = await run(
    at('revocation', when, json(401, { error: 'invalid_client' })),
    'revocation.unknown-token',
    'traditional',
  );
  expect(failures).toEqual({});
  expect(Object.keys(incomplete)).toEqual(['revocation.unknown-token']);
});

it.each([
  ['userinfo', 'userinfo.no-token'],
  ['introspection', 'introspection.made-up-token'],
  ['device', 'device.anonymous'],
  ['par', 'par.redirect-uri'],
] as const)('a page of the %s endpoint gives nothing to anybody: %s is incomplete', async (step, id) => {
  const { failures, incomplete } = await run(
    at(step, (sent) => step !== 'par' || sent.get('redirect_uri')?.includes('example') === true, page),
    id,
  );
  expect(failures).toEqual({});
  expect(Object.keys(incomplete)).toContain(id);
});
