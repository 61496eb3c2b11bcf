import * as client from 'openid-client';
import { exitCodeOf, LogtoError } from '../errors.js';
import type { ClientAuthentication } from './authentication-method.js';
import { BackChannel, type BackChannelOptions } from './back-channel.js';
import { authenticateClient, type ClientIdentity, secretsOf } from './client-authentication.js';
import { type AskedFor, type ClientRequest, clientRequest } from './endpoint-answers.js';
import type { Subject } from './http-answer.js';
import { acceptableAlgorithms, clockToleranceSeconds } from './id-token.js';
import { decodeJwt } from './jwt.js';
import type { KeySet } from './key-set.js';
import { mayBeOldKeys } from './openid-client-errors.js';
import type { ProviderOptions } from './provider.js';
import { verifying } from './provider-event.js';
import type { ProviderRecord } from './provider-record.js';

/** What a channel may leave to its client. */
type ChannelOptions<Value> = Omit<BackChannelOptions<Value>, 'fetch' | 'jwksUri'> &
  Partial<Pick<BackChannelOptions<Value>, 'fetch'>>;

/**
 * openid-client, set up for one application at one provider: signatures always verified, only the announced asymmetric
 * algorithms, our clock, and the provider's keys kept from one operation to the next.
 */
export class ProtocolClient {
  readonly #options: ProviderOptions;
  readonly #record: ProviderRecord;
  readonly #server: client.ServerMetadata;
  #authentication: ClientAuthentication | undefined;

  constructor(options: ProviderOptions, record: ProviderRecord) {
    const { metadata } = record;
    const announced = metadata.id_token_signing_alg_values_supported;
    this.#options = options;
    this.#record = record;
    this.#server = {
      ...metadata,
      id_token_signing_alg_values_supported: acceptableAlgorithms(announced),
      userinfo_signing_alg_values_supported: acceptableAlgorithms(
        metadata.userinfo_signing_alg_values_supported ?? announced,
      ),
    } as client.ServerMetadata;
    this.#authentication = options.authentication;
  }

  /** The client as it authenticates now. */
  get identity(): ClientIdentity {
    const { clientId, clientSecret, clientKey } = this.#options;
    return { clientId, clientSecret, clientKey, authentication: this.#authentication };
  }

  /** See `Provider.authenticateBy`. */
  authenticateBy(authentication: ClientAuthentication | undefined): void {
    this.#authentication = this.#options.authentication ?? authentication;
  }

  /** Refuses a client that could not authenticate, before anything is sent. @throws LogtoError as `authenticateClient` */
  requireAuthentication(): void {
    authenticateClient(new URLSearchParams(), this.identity, this.#record.metadata, this.#options.now());
  }

  /** A new configuration each time: openid-client ties the keys that it has seen to it. */
  configuration(channel?: BackChannel<unknown>): client.Configuration {
    const { clientId, now } = this.#options;
    const clock = {
      [client.clockTolerance]: clockToleranceSeconds,
      [client.clockSkew]: Math.round((now() - Date.now()) / 1000),
    };
    const authenticate: client.ClientAuth = (_server, _client, body, headers) => {
      const { metadata } = this.#record;
      for (const header of Object.entries(authenticateClient(body, this.identity, metadata, now())))
        headers.set(...header);
    };
    const config = new client.Configuration(this.#server, clientId, clock, authenticate);
    client.enableNonRepudiationChecks(config);
    // Discovery made sure that plain http stays on this machine.
    if (this.#server.issuer.startsWith('http:')) client.allowInsecureRequests(config);
    if (channel !== undefined) config[client.customFetch] = channel.fetch;
    const { keys } = this.#record;
    if (keys !== null) client.setJwksCache(config, keysOfNow(keys));
    // Each request has its limit already.
    config.timeout = 0;
    return config;
  }

  /** The way to the provider for one operation. */
  channel<Value>(options: ChannelOptions<Value>): BackChannel<Value> {
    const { jwks_uri: jwksUri } = this.#record.metadata;
    return new BackChannel({ fetch: this.#options.fetch, jwksUri, ...options });
  }

  /** An endpoint, as its failures are told. */
  subject(endpoint: string, code: 'token_response_invalid' | 'userinfo_invalid'): Subject {
    return {
      name: `The ${endpoint} of ${this.#server.issuer}`,
      code,
      hint: 'Nothing was kept. Try again; if it persists, the provider, or a proxy before it, has to be corrected.',
      now: this.#options.now,
      observe: this.#options.observe,
    };
  }

  /** What is sent to an endpoint that the client authenticates at, as its errors need to know it. */
  request(sent: AskedFor): ClientRequest {
    const { identity } = this;
    // Refused where it can be named, and not inside of openid-client.
    this.requireAuthentication();
    const { namedBy } = this.#options;
    return clientRequest(
      { ...sent, namedBy, secrets: [...sent.secrets, ...secretsOf(identity)] },
      identity,
      this.#record.metadata,
    );
  }

  /**
   * Lets openid-client do its part of an operation. Where it refuses with keys that were fetched earlier, it gets new
   * ones, once, and sees the same answer again.
   *
   * @throws LogtoError what made the channel fail, or what `translate` makes of openid-client's refusal
   */
  async run<Result>(
    channel: BackChannel<unknown>,
    call: (config: client.Configuration) => Promise<Result>,
    translate: (error: unknown) => LogtoError,
  ): Promise<Result> {
    try {
      const result = await this.#attempt(channel, call, translate);
      if (channel.keys !== null) await this.#record.keepKeys(channel.keys);
      return result;
    } catch (error) {
      if (mayBeOldMetadata(error)) await this.#record.forget();
      throw error;
    }
  }

  async #attempt<Result>(
    channel: BackChannel<unknown>,
    call: (config: client.Configuration) => Promise<Result>,
    translate: (error: unknown) => LogtoError,
  ): Promise<Result> {
    for (;;) {
      const { keys } = this.#record;
      try {
        const result = await call(this.configuration(channel));
        this.#tellSignature(channel, true);
        return result;
      } catch (error) {
        channel.throwFailure();
        this.#record.dropKeys();
        if (keys === null || !mayBeOldKeys(error)) {
          if (mayBeOldKeys(error)) this.#tellSignature(channel, false);
          throw translate(error);
        }
      }
    }
  }

  /** openid-client has verified the signature, or refused it (OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2). */
  #tellSignature({ signed }: BackChannel<unknown>, passed: boolean): void {
    const { observe } = this.#options;
    if (signed === null || observe === undefined) return;
    const { alg, kid } = decodeJwt(signed.jwt)?.header ?? {};
    const key = typeof kid === 'string' ? `, key ${kid.slice(0, 60)}` : '';
    const section = signed.of === 'ID token' ? '3.1.3.7 (6)' : '5.3.2';
    const what = `the provider signed it (${String(alg).slice(0, 20)}${key})`;
    verifying(observe, signed.of)(what, `OpenID Connect Core 1.0, ${section}`, passed);
  }
}

/** Whether there was no answer, or none to be trusted: the provider may have moved since it was discovered. */
function mayBeOldMetadata(error: unknown): boolean {
  return error instanceof LogtoError && [6, 7].includes(exitCodeOf(error));
}

/**
 * The keys, as if they had just been fetched: openid-client then neither discards nor replaces them. How long they are
 * used, and when they are fetched again, is our rule.
 */
function keysOfNow(keys: KeySet): client.ExportedJWKSCache {
  const jwks = keys as unknown as client.ExportedJWKSCache['jwks'];
  return { jwks, uat: Math.floor(Date.now() / 1000) };
}
