import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { type BatteryRun, battery } from './battery-run.js';
import { type Fault, type FaultyAnswer, FaultyProvider, type FaultyRequest } from './faulty-provider.js';

let emulator: Emulator;
let provider: FaultyProvider;
const asked: FaultyRequest[] = [];
beforeAll(async () => {
  emulator = await startEmulator({ seed: defaultSeed() });
  provider = await FaultyProvider.start(emulator.endpoint);
});
afterAll(async () => {
  await provider.close();
  await emulator.close();
});

function run(fault: Fault): Promise<BatteryRun> {
  provider.fault = (request, honest) => {
    asked.push(request);
    return fault(request, honest);
  };
  const application = ['--app-id', 'emulator-native'];
  return battery(['--endpoint', provider.addressOf(emulator.endpoint), ...application]).finally(() => {
    provider.fault = null;
  });
}

/** Sent to the redirect URI that stands in the request. */
function sentBack(
  { parameters }: FaultyRequest,
  honest: FaultyAnswer,
  answer: Readonly<Record<string, string>> = {
    error: 'login_required',
    state: parameters.get('state') ?? '',
  },
): FaultyAnswer {
  const location = new URL(parameters.get('redirect_uri') ?? 'http://localhost:3000/callback');
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  location.searchParams.set('iss', emulatorIssuer());
  return { ...honest, status: 303, headers: { location: location.href } };
}

const emulatorIssuer = () => provider.addressOf(emulator.issuer);
const isNone = ({ step, parameters }: FaultyRequest) =>
  step === 'authorization' && parameters.get('prompt')?.includes('none') === true;
const isStranger = ({ parameters }: FaultyRequest) => parameters.get('client_id') !== 'emulator-native';
const judgedByAcceptance = [
  'response-type.missing',
  'response-type.unknown',
  'response-type.token',
  'pkce.required',
  'pkce.plain',
  'pkce.short-challenge',
  'duplicate.state',
  'request-object.unsigned',
];

describe('a provider that tells everybody first that nobody is signed in', () => {
  it('is told once that its errors go anywhere, and all that rests on its answers cannot be told', async () => {
    const { failures, incomplete, check, exitCode } = await run((request, honest) =>
      isNone(request) ? sentBack(request, honest) : honest,
    );
    expect(Object.keys(failures)).toEqual(['redirect-uri.host']);
    expect(failures['redirect-uri.host']).toContain('only after errors are sent there');
    expect(exitCode).toBe(1);
    for (const id of [
      ...judgedByAcceptance,
      'application.unknown',
      'redirect-uri.path',
      'redirect-uri.port',
    ]) {
      expect(incomplete[id]).toContain('Cannot tell');
    }
    expect(incomplete['pkce.required']).toContain('the endpoint answers everybody alike');
    expect(incomplete['redirect-uri.path']).toContain('redirect-uri.host');
    expect(check('authorization.request')).toMatchObject({
      outcome: 'passed',
      message: expect.stringContaining('says nothing of the application'),
    });
    expect(check('authorization.state').outcome).toBe('passed');
  });

  it('is told once that it leaves out the state', async () => {
    const { failures } = await run((request, honest) =>
      isNone(request) ? sentBack(request, honest, { error: 'login_required' }) : honest,
    );
    expect(Object.keys(failures)).toEqual(['authorization.state', 'redirect-uri.host']);
    expect(failures['authorization.state']).toContain('without the state');
  });

  it('is told that it gives the state twice', async () => {
    const { failures } = await run((request, honest) => {
      if (!isNone(request)) return honest;
      const answer = sentBack(request, honest);
      const location = new URL(answer.headers['location'] ?? '');
      location.searchParams.append('state', request.parameters.get('state') ?? '');
      return { ...answer, headers: { location: location.href } };
    });
    expect(failures['authorization.state']).toContain('with more than one state');
  });

  it('is told that it answers unknown applications, where it looks at redirect URIs first', async () => {
    const { failures, incomplete } = await run((request, honest) =>
      isNone(request) && request.parameters.getAll('redirect_uri').join() === 'http://localhost:3000/callback'
        ? sentBack(request, honest)
        : honest,
    );
    expect(Object.keys(failures)).toEqual(['application.unknown']);
    for (const id of judgedByAcceptance) expect(incomplete[id]).toContain('an unknown application too');
  });

  it('is not told of redirect URIs one by one, where it looks at applications first', async () => {
    const { failures, incomplete } = await run((request, honest) =>
      isNone(request) && !isStranger(request) ? sentBack(request, honest) : honest,
    );
    expect(Object.keys(failures)).toEqual(['redirect-uri.host']);
    for (const id of judgedByAcceptance) expect(incomplete[id]).toContain('an unregistered redirect URI too');
  });
});

describe('a request that would have to be refused', () => {
  it('passes where it is refused as soon as somebody may sign in', async () => {
    const { failures, incomplete, check, exitCode } = await run((request, honest) =>
      isNone(request) && !isStranger(request) && !request.parameters.has('code_challenge')
        ? sentBack(request, honest)
        : honest,
    );
    expect({ failures, incomplete, exitCode }).toEqual({ failures: {}, incomplete: {}, exitCode: 0 });
    expect(check('pkce.required').message).toContain('refused once somebody may sign in');
  });

  it('passes then too where accepting it would only be worth a word', async () => {
    const late = ['token', 'id_token', 'code id_token'];
    const { failures, check } = await run((request, honest) =>
      isNone(request) &&
      !isStranger(request) &&
      (late.includes(request.parameters.get('response_type') ?? '') ||
        request.parameters.get('code_challenge') === 'too-tiny')
        ? sentBack(request, honest)
        : honest,
    );
    expect(failures).toEqual({});
    for (const id of [
      'response-type.token',
      'response-type.id-token',
      'response-type.code-id-token',
      'pkce.short-challenge',
    ]) {
      expect(check(id)).toMatchObject({
        outcome: 'passed',
        message: expect.stringContaining('refused once somebody may sign in'),
      });
    }
  });

  it('cannot be told where people sign in before anything is looked at', async () => {
    const { failures, incomplete } = await run((request, honest) => {
      const isOwn = request.step === 'authorization' && !isStranger(request);
      const isHome = request.parameters.get('redirect_uri') === 'http://localhost:3000/callback';
      if (!isOwn || !isHome) return honest;
      return isNone(request)
        ? sentBack(request, honest)
        : { ...honest, status: 303, headers: { location: '/sign-in' } };
    });
    expect(Object.keys(failures).filter((id) => /^(response-type|pkce|duplicate)/.test(id))).toEqual([]);
    for (const id of ['response-type.unknown', 'pkce.plain', 'duplicate.state'])
      expect(incomplete[id]).toContain('may be refused after it');
  });

  it('cannot be told where its sign-in page is shown to an unknown application as well', async () => {
    const { failures, incomplete } = await run((request, honest) =>
      request.step === 'authorization' && request.parameters.get('prompt') !== 'none'
        ? { ...honest, status: 303, headers: { location: '/sign-in' } }
        : honest,
    );
    expect(failures).toEqual({});
    expect(Object.keys(incomplete)).toEqual(['prompt.none-and-login', 'prompt.unknown']);
  });
});

it('asks the endpoints of browsers as a browser does, by POST too, and programs’ for JSON', async () => {
  asked.length = 0;
  await run((_, honest) => honest);
  const accepted = (steps: readonly FaultyRequest['step'][]) => [
    ...new Set(asked.filter(({ step }) => steps.includes(step)).map(({ headers }) => headers.accept)),
  ];
  expect(accepted(['authorization', 'end-session'])).toEqual([
    'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  ]);
  expect(asked.some(({ step, method }) => step === 'authorization' && method === 'POST')).toBe(true);
  expect(accepted(['token', 'userinfo', 'par', 'revocation'])).toEqual(['application/json']);
});
