import type { Emulator } from '../../src/emulator/emulator.js';
import type { EmulatorSeed } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  type AppId,
  authorizationUrl,
  type JsonAnswer,
  locationOf,
  open,
  type Parameters,
  read,
} from './raw-client.js';

/** The password of every user of {@link experienceSeed}. */
export const password = 'emulator-only-password';
/** The secret of the RFC's test vectors. */
export const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Users in every state that a sign-in can meet. */
export const experienceSeed: Pick<EmulatorSeed, 'users' | 'oneTimeTokens'> = {
  users: [
    { id: '1', username: 'alice', password, email: 'alice@example.test', phone: '15550100' },
    { id: '2', username: 'suspended', password, suspended: true },
    { id: '3', username: 'totp', password, totpSecret },
    { id: '4', username: 'both', password, totpSecret, backupCodes: ['aaaa', 'bbbb'] },
    { id: '5', username: 'backup', password, backupCodes: ['cccc', 'dddd'] },
    { id: '6', username: 'expired', password, passwordExpired: true },
  ],
  oneTimeTokens: [
    { email: 'alice@example.test', token: 'token-of-alice' },
    { email: 'alice@example.test', token: 'old-token-of-alice', expired: true },
    { email: 'new@example.test', token: 'token-of-new' },
  ],
};

/** What a script does that signs users in as Logto's pages do, step by step. */
export class ExperienceBrowser {
  readonly cookies = new CookieJar();
  page = new URL('about:blank');

  constructor(readonly emulator: Pick<Emulator, 'issuer' | 'endpoint'>) {}

  /** Sends an authorization request, and stands on the page to which it leads. */
  async begin(appId: AppId | 'third' = 'emulator-native', overrides: Parameters = {}): Promise<this> {
    const url = authorizationUrl(this.emulator.issuer, appId, overrides);
    this.page = locationOf(await open(url, this.cookies));
    return this;
  }

  /** Takes one step of the API. */
  async call(
    method: string,
    path: string,
    content?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonAnswer> {
    const response = await open(`${this.emulator.endpoint}/api${path}`, this.cookies, {
      method,
      headers: { ...(content !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(content !== undefined && { body: typeof content === 'string' ? content : JSON.stringify(content) }),
    });
    return read(response);
  }

  start(interactionEvent = 'SignIn'): Promise<JsonAnswer> {
    return this.call('PUT', '/experience', { interactionEvent });
  }

  password(value: string, type = 'username', secret = password): Promise<JsonAnswer> {
    const identifier = { type, value };
    return this.call('POST', '/experience/verification/password', { identifier, password: secret });
  }

  newIdentity(value: string, secret: string): Promise<JsonAnswer> {
    const identifier = { type: 'username', value };
    return this.call('POST', '/experience/verification/new-password-identity', {
      identifier,
      password: secret,
    });
  }

  oneTimeToken(value: string, token: string): Promise<JsonAnswer> {
    const identifier = { type: 'email', value };
    return this.call('POST', '/experience/verification/one-time-token/verify', { identifier, token });
  }

  /** Identifies with the verification of an answer. */
  identify({ body }: Pick<JsonAnswer, 'body'>): Promise<JsonAnswer> {
    return this.call('POST', '/experience/identification', { verificationId: body.verificationId });
  }

  submit(): Promise<JsonAnswer> {
    return this.call('POST', '/experience/submit');
  }

  /** Begins, and goes as far as the identification of this user. */
  async identified(username: string): Promise<this> {
    await this.begin();
    await this.start();
    await this.identify(await this.password(username));
    return this;
  }

  /** Follows redirects from here to the end, which lies outside the emulator. */
  async follow(url: string): Promise<URL> {
    let location = new URL(url);
    while (location.origin === this.emulator.endpoint) {
      location = locationOf(await open(location.href, this.cookies));
    }
    return location;
  }
}
