import * as client from 'openid-client';
import { exitCodeOf, LogtoError } from '../errors.js';
import type { ClientAuthentication } from './authentication-method.js';
import { BackChannel, type BackChannelOptions } from './back-channel.js';
import { authenticateClient, type ClientIdentity, secretsOf } from './client-authentication.js';
import { mayBeOldKeys } from './error/openid-client-errors.js';
import type { Subject } from './http-answer.js';
import { type AskedFor, type ClientRequest, clientRequest } from './probe/endpoint-answers.js';
import type { ProviderMetadata } from './provider-metadata.js';
import type { ProviderOptions } from './provider-options.js';
import type { ProviderRecord } from './provider-record.js';
import { clockToleranceSeconds } from './validate/id-token-times.js';
import { type SignedPart, tellSignature } from './validate/signed-part.js';
import { acceptableAlgorithms } from './validate/signing-algorithm.js';
import { VerificationKeys } from './validate/verification-keys.js';

/** What a channel may leave to its client. */
type ChannelOptions<Value> = Omit<BackChannelOptions<Value>, 'fetch' | 'jwksUri' | 'keys'> &
  Partial<Pick<BackChannelOptions<Value>, 'fetch'>>;

/**
 * openid-client, set up for one application at one provider: signatures always verified, only the announced algorithms,
 * our clock, and the provider's keys kept from one operation to the next.
 */
export class ProtocolClient {
  readonly #options: ProviderOptions;
  readonly #record: ProviderRecord;
  #authentication: ClientAuthentication | undefined;

  constructor(options: ProviderOptions, record: ProviderRecord) {
    this.#options = options;
    this.#record = record;
    this.#authentication = options.authentication;
  }

  /** The client as it authenticates now. */
  get identity(): ClientIdentity {
    const { clientId, clientSecret, clientKey } = this.#options;
    return { clientId, clientSecret, clientKey, authentication: this.#authentication };
  }

  /** See `Provider.authenticateBy`. */
  authenticateBy(authentication: ClientAuthentication | undefined): void {
    const { authentication: chosen } = this.#options;
    // A form of what was chosen, and not another method.
    const isForm = chosen === 'client_secret_basic' && authentication === 'client_secret_basic_raw';
    this.#authentication = isForm ? authentication : (chosen ?? authentication);
  }

  /** Refuses a client that could not authenticate, before anything is sent. @throws LogtoError as `authenticateClient` */
  requireAuthentication(): void {
    authenticateClient(new URLSearchParams(), this.identity, this.metadata, this.#options.now());
  }

  /** What the provider says of itself: it may be asked again by what comes in an answer. */
  get metadata(): ProviderMetadata {
    return this.#record.metadata;
  }

  /** A new configuration each time: openid-client ties the keys that it has seen to it. */
  configuration(channel?: BackChannel<unknown>): client.Configuration {
    const { clientId, now } = this.#options;
    const clock = {
      [client.clockTolerance]: clockToleranceSeconds,
      [client.clockSkew]: Math.round((now() - Date.now()) / 1000),
    };
    const authenticate: client.ClientAuth = (_server, _client, body, headers) => {
      for (const header of Object.entries(authenticateClient(body, this.identity, this.metadata, now())))
        headers.set(...header);
    };
    const server = serverOf(this.metadata, channel);
    const config = new client.Configuration(server, clientId, clock, authenticate);
    // openid-client verifies by public keys alone: what the client's secret signed has been verified already.
    if (!isVerified(channel)) client.enableNonRepudiationChecks(config);
    // Discovery made sure that plain http stays on this machine.
    if (server.issuer.startsWith('http:')) client.allowInsecureRequests(config);
    if (channel !== undefined) config[client.customFetch] = channel.fetch;
    // Each request has its limit already.
    config.timeout = 0;
    return config;
  }

  /** The way to the provider for one operation. */
  channel<Value>(options: ChannelOptions<Value>): BackChannel<Value> {
    const { jwks_uri: jwksUri } = this.metadata;
    const keys = new VerificationKeys(this.#options, this.#record, options.fetch);
    return new BackChannel({ fetch: this.#options.fetch, jwksUri, keys, ...options });
  }

  /** An endpoint, as its failures are told. */
  subject(endpoint: string, code: 'token_response_invalid' | 'userinfo_invalid'): Subject {
    return {
      name: `The ${endpoint} of ${this.metadata.issuer}`,
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
      this.metadata,
    );
  }

  /**
   * Lets openid-client do its part of an operation. Where it refuses by a key that was fetched earlier, it gets a new
   * one, once, and sees the same answer again.
   *
   * @param prepare is done first
   * @throws LogtoError what made the channel fail, or what `translate` makes of openid-client's refusal
   */
  async run<Result>(
    channel: BackChannel<unknown>,
    call: (config: client.Configuration) => Promise<Result>,
    translate: (error: unknown, signed: SignedPart | null) => LogtoError,
    prepare?: () => Promise<void>,
  ): Promise<Result> {
    try {
      await prepare?.();
      const result = await this.#attempt(channel, call, translate);
      const { fetched } = channel.keys;
      if (fetched !== null) await this.#record.keepKeys(fetched);
      return result;
    } catch (error) {
      if (mayBeOldMetadata(error)) await this.#record.forget();
      throw error;
    }
  }

  async #attempt<Result>(
    channel: BackChannel<unknown>,
    call: (config: client.Configuration) => Promise<Result>,
    translate: (error: unknown, signed: SignedPart | null) => LogtoError,
  ): Promise<Result> {
    for (;;) {
      const { metadata } = this;
      const before = { isVerified: isVerified(channel), issuer: issuerIn(channel, metadata) };
      const tell = (passed: boolean) => {
        if (channel.signed !== null) tellSignature(channel.signed, this.#options.observe, passed);
      };
      try {
        const result = await call(this.configuration(channel));
        tell(true);
        return result;
      } catch (error) {
        channel.throwFailure();
        // What openid-client was set up by is not what the answer turned out to need: it sees that again.
        const isOther =
          isVerified(channel) !== before.isVerified || issuerIn(channel, metadata) !== before.issuer;
        if (this.metadata !== metadata || isOther) continue;
        if (mayBeOldKeys(error)) {
          if (channel.keys.distrust()) continue;
          tell(false);
        }
        throw translate(error, channel.signed);
      }
    }
  }
}

/** Whether there was no answer, or none to be trusted: the provider may have moved since it was discovered. */
function mayBeOldMetadata(error: unknown): boolean {
  return error instanceof LogtoError && [6, 7].includes(exitCodeOf(error));
}

/** Whether the answer's signature has been verified already. */
function isVerified(channel: BackChannel<unknown> | undefined): boolean {
  return channel?.signed?.isVerified === true;
}

/** Whom openid-client is to expect: where the issuer is a template, the one that what was signed turned out to be of. */
function issuerIn(channel: BackChannel<unknown> | undefined, { issuer }: ProviderMetadata): string {
  return channel?.signed?.issuer ?? issuer;
}

/** The provider as openid-client is to see it: with the algorithms that our own checks let pass. */
function serverOf(
  metadata: ProviderMetadata,
  channel: BackChannel<unknown> | undefined,
): client.ServerMetadata {
  const {
    id_token_signing_alg_values_supported: ofIdTokens,
    userinfo_signing_alg_values_supported: ofUserInfo,
  } = metadata;
  const verified = isVerified(channel) && channel?.signed ? [String(channel.signed.header['alg'])] : [];
  return {
    ...metadata,
    issuer: issuerIn(channel, metadata),
    ...(channel && { jwks_uri: channel.jwksUri }),
    id_token_signing_alg_values_supported: [...acceptableAlgorithms(ofIdTokens), ...verified],
    userinfo_signing_alg_values_supported: [...acceptableAlgorithms(ofUserInfo ?? ofIdTokens), ...verified],
  } as client.ServerMetadata;
}
