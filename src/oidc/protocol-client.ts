import * as client from 'openid-client';
import type { LogtoError } from '../errors.js';
import type { BackChannel } from './back-channel.js';
import { clientAuthenticationMethod } from './client-authentication.js';
import { acceptableAlgorithms, clockToleranceSeconds } from './id-token.js';
import { mayBeOldKeys } from './openid-client-errors.js';
import type { ProviderMetadata, ProviderOptions } from './provider.js';

/**
 * openid-client, set up for one application at one provider: signatures always verified, only the announced asymmetric
 * algorithms, our clock, and the provider's keys kept from one operation to the next.
 */
export class ProtocolClient {
  readonly #options: ProviderOptions;
  readonly #server: client.ServerMetadata;
  readonly #authentication: client.ClientAuth;
  #keys: client.ExportedJWKSCache | undefined;

  constructor(options: ProviderOptions, metadata: ProviderMetadata) {
    const announced = metadata.id_token_signing_alg_values_supported;
    this.#options = options;
    this.#server = {
      ...metadata,
      id_token_signing_alg_values_supported: acceptableAlgorithms(announced),
      userinfo_signing_alg_values_supported: acceptableAlgorithms(
        metadata.userinfo_signing_alg_values_supported ?? announced,
      ),
    } as client.ServerMetadata;
    this.#authentication = authenticationOf(options, metadata);
  }

  /** A new configuration each time: openid-client ties the keys that it has seen to it. */
  configuration(channel?: BackChannel<unknown>): client.Configuration {
    const { clientId, now } = this.#options;
    const clock = {
      [client.clockTolerance]: clockToleranceSeconds,
      [client.clockSkew]: Math.round((now() - Date.now()) / 1000),
    };
    const config = new client.Configuration(this.#server, clientId, clock, this.#authentication);
    client.enableNonRepudiationChecks(config);
    // Discovery made sure that plain http stays on this machine.
    if (this.#server.issuer.startsWith('http:')) client.allowInsecureRequests(config);
    if (channel !== undefined) config[client.customFetch] = channel.fetch;
    if (this.#keys !== undefined) client.setJwksCache(config, this.#keys);
    // Each request has its limit already.
    config.timeout = 0;
    return config;
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
    for (;;) {
      const known = this.#keys;
      const config = this.configuration(channel);
      try {
        const result = await call(config);
        this.#keys = client.getJwksCache(config);
        return result;
      } catch (error) {
        channel.throwFailure();
        this.#keys = undefined;
        if (known === undefined || !mayBeOldKeys(error)) throw translate(error);
      }
    }
  }
}

function authenticationOf(options: ProviderOptions, metadata: ProviderMetadata): client.ClientAuth {
  const { clientSecret = '' } = options;
  switch (clientAuthenticationMethod(clientSecret, metadata.token_endpoint_auth_methods_supported)) {
    case 'none':
      return client.None();
    case 'client_secret_basic':
      return client.ClientSecretBasic(clientSecret);
    case 'client_secret_post':
      return client.ClientSecretPost(clientSecret);
  }
}
