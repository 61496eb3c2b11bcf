import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { ApplicationConfig, LogtoConfig } from '../../src/client/logto-config.js';
import { exitCodeOf, LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { errorDocument } from '../../src/output/error-report.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Lies } from './lies.js';
import { type LyingProvider, startLyingProvider } from './lying-provider.js';
import { expectRefusal, type Refused, type Since } from './refusal.js';
import { createSigningKey, type SigningKey } from './signed-jwt.js';

/** The secret of a client that has one: every encoding changes it. */
export const clientSecret = 'App-Secret/0123+"456789';

/** How an attack begins. */
export interface AttackOptions {
  /** Keys of the provider instead of its one ES256 key. */
  readonly keys?: readonly SigningKey[];
  /** True: the client is confidential. */
  readonly hasSecret?: boolean;
  /** Milliseconds for a request, for attacks on patience. Default: 5 seconds. */
  readonly timeout?: number;
}

/** What a client does while it is lied to. */
export type Deed = (attack: Attack) => Promise<unknown>;

/** What became of a deed, and of what is stored. */
export interface Attempt {
  readonly error: LogtoError | null;
  readonly value: unknown;
  readonly before: readonly (string | null)[];
  readonly after: readonly (string | null)[];
  readonly since: Since;
}

/** Keys are costly to make, and belong to no test. */
const firstKey = createSigningKey('first');

/**
 * A client with a session, and the provider that turns against it: what `test/conformance` and `test/hostile` stand on.
 * (`test/oidc` asks the protocol code alone, part by part.)
 */
export class Attack {
  readonly lying: LyingProvider;
  readonly storage = new MemoryStorage();
  readonly #config: LogtoConfig;
  readonly #fetch: Fetch;

  constructor(lying: LyingProvider, config: LogtoConfig, fetch: Fetch) {
    this.lying = lying;
    this.#config = config;
    this.#fetch = fetch;
  }

  /** A client as a new process has it: nothing is known but what is stored. */
  client(changes: Partial<ApplicationConfig> = {}): LogtoClient {
    return new LogtoClient({ ...this.#config, ...changes }, { storage: this.storage, fetch: this.#fetch });
  }

  /** Everything that is stored. */
  async stored(): Promise<(string | null)[]> {
    return Promise.all(['tokenSet', 'signInSession'].map((key) => this.storage.get(key)));
  }

  /** Does this, and remembers what was stored before it. */
  async attempt(deed: Deed): Promise<Attempt> {
    const before = await this.stored();
    const since = { requests: this.lying.requests.length, issued: this.lying.issued.length };
    try {
      const value = await deed(this);
      return { error: null, value, before, after: await this.stored(), since };
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      return { error, value: undefined, before, after: await this.stored(), since };
    }
  }

  /** Asserts that an attempt failed, and left the session alone, as {@link expectRefusal} says. */
  expectRefused({ error, before, after, since }: Attempt, expected: Refused): LogtoError {
    if (error === null) return expect.unreachable(`it was believed, where ${expected.code} was due`);
    // Anybody can send a browser here with a made-up state: the sign-in under way goes on waiting.
    const kept = error.code === 'state_mismatch' ? [after[0], null] : after;
    expectRefusal(this.lying, since, expected, {
      code: error.code,
      reason: reasonOf(error),
      hint: error.hint,
      exitCode: exitCodeOf(error),
      told: [
        inspect(error, { depth: null, showHidden: true }),
        JSON.stringify(errorDocument(error)),
        error.message,
        error.hint,
      ].join('\n'),
      before,
      after: kept,
    });
    return error;
  }

  /** Does this, which must be refused. */
  async refuses(deed: Deed, expected: Refused): Promise<LogtoError> {
    return this.expectRefused(await this.attempt(deed), expected);
  }
}

/** Why an ID token was refused; other errors have reasons of another sort. */
export function reasonOf({ code, details }: LogtoError): unknown {
  return code === 'id_token_invalid' ? details?.['reason'] : undefined;
}

/** Signs in at an honest provider, which then tells these lies. */
export async function startAttack(lies: Lies = {}, options: AttackOptions = {}): Promise<Attack> {
  const { keys = [firstKey], hasSecret = false, timeout = 5000 } = options;
  const lying = await startLyingProvider();
  onTestFinished(() => lying.close());
  lying.keys = [...keys];
  const config = {
    issuer: lying.issuer,
    appId: lying.clientId,
    ...(hasSecret && { appSecret: clientSecret }),
  };
  const attack = new Attack(lying, config, await createFetch({ environment: {}, timeout }));
  await signIn(attack);
  lying.lies = lies;
  lying.requests.length = 0;
  return attack;
}

/** Signs in, in the browser of somebody who is signed in there. */
export async function signIn(attack: Attack, changes: Partial<ApplicationConfig> = {}): Promise<LogtoClient> {
  const client = attack.client(changes);
  const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
  await client.handleSignInCallback(await attack.lying.authorize(url));
  return client;
}

/** Refreshes the session, whether or not it must. */
export async function refresh(attack: Attack): Promise<LogtoClient> {
  const client = attack.client();
  await client.obtainAccessToken({ refresh: true });
  return client;
}

/** Asks UserInfo with the token of the session. */
export function userInfo(attack: Attack): Promise<Readonly<Record<string, unknown>>> {
  return attack.client().fetchUserInfo();
}
