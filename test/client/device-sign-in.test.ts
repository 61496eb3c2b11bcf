import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceWaitOptions } from '../../src/client/device-sign-in.js';
import { LogtoClient } from '../../src/client/logto-client.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import type { ProviderEvent } from '../../src/oidc/provider-event.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { finishOnOtherDevice } from '../support/other-device.js';
import { interruption } from '../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };

let emulator: Emulator;
let network: Fetch;
beforeAll(async () => {
  [emulator, network] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

let storage: MemoryStorage;
let events: ProviderEvent[];
beforeEach(async () => {
  storage = new MemoryStorage();
  events = [];
});

/** A clock that sleeping moves on, and what was slept. */
class Clock {
  time = Date.now();
  readonly slept: number[] = [];
  readonly now = () => this.time;
  readonly sleep: NonNullable<DeviceWaitOptions['sleep']> = async (milliseconds) => {
    this.slept.push(milliseconds / 1000);
    this.time += milliseconds;
  };
}

const clientOf = (fetch: Fetch, clock: Clock, appId = 'emulator-device') =>
  new LogtoClient(
    { endpoint: emulator.endpoint, appId, resources: ['https://api.example.test'] },
    { storage, fetch, now: clock.now, observe: (event) => void events.push(event) },
  );

/** The network, but for what these say of token requests, one after the other; `null` lets one through. */
function pollsAnswered(...answers: readonly (Response | Error | null)[]): Fetch {
  const left = [...answers];
  return async (url, init) => {
    if (!url.endsWith('/oidc/token')) return network(url, init);
    const answer = left.shift() ?? null;
    if (answer instanceof Error) throw answer;
    return answer ?? network(url, init);
  };
}

const refusal = (error: string, status = 400) => Response.json({ error }, { status });
const down = () => new LogtoError('network_unreachable', 'It is down.', 'Wait.');

describe('a sign-in on another device', () => {
  it('ends with a session, as any other does', async () => {
    const clock = new Clock();
    const client = clientOf(network, clock);
    const device = await client.signInOnDevice();
    expect(device).toMatchObject({
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verificationUri: `${emulator.endpoint}/device`,
      verificationUriComplete: `${emulator.endpoint}/device?user_code=${device.userCode}`,
      expiresAt: clock.time + 600_000,
    });
    await finishOnOtherDevice(device.verificationUri, alice, device.userCode);
    const session = await device.session({ sleep: clock.sleep });
    expect(session).toMatchObject({
      subject: 'emulator-user-alice',
      appId: 'emulator-device',
      hasRefreshToken: true,
      scopes: ['openid', 'profile', 'offline_access'],
    });
    expect(session.redirectUri).toBeUndefined();
    expect(await client.getSession()).toEqual(session);
    expect(await client.fetchUserInfo()).toMatchObject({ sub: 'emulator-user-alice' });
    const claims = await client.getAccessTokenClaims('https://api.example.test');
    expect(claims).toMatchObject({ aud: 'https://api.example.test' });
  });

  it('says that no nonce was compared, and never that one was', async () => {
    const clock = new Clock();
    const device = await clientOf(network, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', alice);
    await device.session({ sleep: clock.sleep });
    const checks = events.flatMap((event) => (event.kind === 'check' ? [event.what] : []));
    expect(checks).toContain('nonce is not compared: a device authorization request has none');
    expect(checks).toContain('device_code and user_code are there');
    expect(checks).not.toContain('nonce is the one of the request');
  });

  it('asks every five seconds where the provider names no interval, and slower when it is told so', async () => {
    const clock = new Clock();
    const fetch = pollsAnswered(
      refusal('authorization_pending'),
      refusal('slow_down'),
      // GitHub calls it a success, Auth0 says 429, Google 428.
      Response.json({ error: 'authorization_pending' }),
      refusal('slow_down', 429),
      refusal('authorization_pending', 428),
    );
    const device = await clientOf(fetch, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', alice);
    await device.session({ sleep: clock.sleep });
    expect(clock.slept).toEqual([5, 5, 10, 10, 15, 15]);
  });

  it('keeps the interval that the provider names', async () => {
    const clock = new Clock();
    const fetch: Fetch = async (url, init) => {
      const response = await network(url, init);
      if (!url.endsWith('/device/auth')) return response;
      return Response.json({ ...((await response.json()) as object), interval: 17 });
    };
    const device = await clientOf(fetch, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', alice);
    await device.session({ sleep: clock.sleep });
    expect(clock.slept).toEqual([17]);
  });

  it('doubles the interval while the provider is out of reach, and tells so', async () => {
    const clock = new Clock();
    const told: string[] = [];
    const fetch = pollsAnswered(down(), refusal('oops', 503), new LogtoError('request_timeout', 'Slow.', ''));
    const device = await clientOf(fetch, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', alice);
    const onTrouble = ({ code }: LogtoError, seconds: number) => void told.push(`${code} ${seconds}`);
    await device.session({ sleep: clock.sleep, onTrouble });
    expect(clock.slept).toEqual([5, 10, 20, 40]);
    expect(told).toEqual(['network_unreachable 10', 'provider_error 20', 'request_timeout 40']);
  });

  it('is refused by the person', async () => {
    const clock = new Clock();
    const device = await clientOf(network, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', { ...alice, refuses: true });
    const error = await failureOf(device.session({ sleep: clock.sleep }));
    expect(error).toMatchObject({ code: 'access_denied', details: { error: 'access_denied' } });
    expect(await storage.get('tokenSet')).toBeNull();
  });

  it.each([
    ['expired_token', 'sign_in_timeout'],
    ['authorization_declined', 'access_denied'],
    ['invalid_grant', 'code_rejected'],
    ['server_error', 'provider_error'],
  ])('ends with what %s means', async (error, code) => {
    const clock = new Clock();
    const device = await clientOf(pollsAnswered(refusal(error)), clock).signInOnDevice();
    expect(await failureOf(device.session({ sleep: clock.sleep }))).toMatchObject({ code });
  });

  it('ends when its code does, or the patience, without a further question', async () => {
    for (const [timeout, seconds, words] of [
      [undefined, 600, 'within the 600 s that its code could be used'],
      [12, 12, 'within 12 s'],
    ] as const) {
      const clock = new Clock();
      const started = clock.time;
      const device = await clientOf(network, clock).signInOnDevice();
      const options = { sleep: clock.sleep, ...(timeout !== undefined && { timeout }) };
      const error = await failureOf(device.session(options));
      expect(error).toMatchObject({ code: 'sign_in_timeout' });
      expect(error.message).toContain(words);
      expect(clock.time - started).toBe(seconds * 1000);
      expect(clock.slept.slice(0, -1).every((slept) => slept === 5)).toBe(true);
    }
  });

  it('that ends while the provider is out of reach tells that', async () => {
    const clock = new Clock();
    const fetch = pollsAnswered(...Array.from({ length: 20 }, down));
    const device = await clientOf(fetch, clock).signInOnDevice();
    const error = await failureOf(device.session({ sleep: clock.sleep }));
    expect(error).toMatchObject({ code: 'network_unreachable' });
  });

  it('is ended by a signal, and the session before it stays', async () => {
    const clock = new Clock();
    const first = await clientOf(network, clock).signInOnDevice();
    await finishOnOtherDevice(first.verificationUriComplete ?? '', alice);
    await first.session({ sleep: clock.sleep });
    const before = await storage.get('tokenSet');
    const device = await clientOf(network, clock).signInOnDevice();
    await finishOnOtherDevice(device.verificationUriComplete ?? '', alice);
    const ending = new AbortController();
    const sleep = async () => ending.abort(interruption());
    expect(await failureOf(device.session({ sleep, signal: ending.signal }))).toMatchObject({
      code: 'interrupted',
    });
    expect(await storage.get('tokenSet')).toBe(before);
  });

  it('is refused to an application that was not made for it, with the way in the Console', async () => {
    const error = await failureOf(clientOf(network, new Clock(), 'emulator-native').signInOnDevice());
    expect(error).toMatchObject({ code: 'device_flow_disabled' });
    expect(error.hint).toContain('Create application > Native app > Device flow');
  });

  it('takes further parameters, and none that are set here', async () => {
    const bodies: string[] = [];
    const fetch: Fetch = async (url, init) => {
      if (url.endsWith('/device/auth')) bodies.push(String(init?.body));
      return network(url, init);
    };
    await clientOf(fetch, new Clock()).signInOnDevice({ extraParams: { audience: 'https://x.test' } });
    expect(bodies[0]).toContain('audience=https%3A%2F%2Fx.test');
    expect(bodies[0]).toContain('resource=https%3A%2F%2Fapi.example.test');
    const error = await failureOf(
      clientOf(fetch, new Clock()).signInOnDevice({ extraParams: { scope: 'x' } }),
    );
    expect(error).toMatchObject({ code: 'config_invalid' });
  });
});

describe('a device authorization response', () => {
  const good = {
    device_code: 'device-code-of-the-test',
    user_code: 'ABCD-EFGH',
    verification_uri: 'https://id.example.test/device',
    expires_in: 300,
  };
  const answered = (body: object) => {
    const fetch: Fetch = async (url, init) =>
      url.endsWith('/device/auth') ? Response.json(body) : network(url, init);
    return clientOf(fetch, new Clock()).signInOnDevice();
  };

  it('may be that of other providers', async () => {
    // Google still has the name of a draft; some quote their numbers.
    const { verification_uri: address, ...rest } = good;
    expect(await answered({ ...rest, verification_url: address, expires_in: '300' })).toMatchObject({
      userCode: 'ABCD-EFGH',
      verificationUri: address,
    });
  });

  it.each([
    ['no device_code', { device_code: undefined }, 'device_code'],
    ['no user_code', { user_code: '' }, 'user_code'],
    ['a user_code that nobody can type', { user_code: 'A'.repeat(101) }, 'user_code'],
    ['no address', { verification_uri: undefined }, 'verification_uri'],
    ['an address that is a script', { verification_uri: 'javascript:alert(1)' }, 'verification_uri'],
    ['a file for an address', { verification_uri: 'file:///etc/passwd' }, 'verification_uri'],
    ['an address of plain http', { verification_uri: 'http://id.example.test/' }, 'verification_uri'],
    ['an address with a password', { verification_uri: 'https://a:b@id.example.test/' }, 'verification_uri'],
    ['a whole address that is a script', { verification_uri_complete: 'javascript:1' }, 'complete'],
    ['no end', { expires_in: undefined }, 'expires_in'],
    ['an end that has been', { expires_in: 0 }, 'expires_in'],
  ])('with %s is not trusted', async (_what, change, named) => {
    const error = await failureOf(answered({ ...good, ...change }));
    expect(error).toMatchObject({ code: 'token_response_invalid' });
    expect(error.message).toContain(named);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(good.device_code);
  });
});
