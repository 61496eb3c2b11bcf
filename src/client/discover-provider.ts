import type { Fetch } from '../network/fetch.js';
import type { Provider } from '../oidc/provider.js';
import type { ProviderObserver } from '../oidc/provider-event.js';
import type { Storage } from '../storage/storage.js';
import { namedBy } from '../wording.js';
import { findClientKey } from './client-identity.js';
import { defaultFetch } from './default-fetch.js';
import { appIdOf, type LogtoConfig, placeOf } from './logto-config.js';

/** What a provider is found with. The fields are those of `LogtoClientOptions`. */
export interface DiscoveryMeans {
  readonly fetch?: Fetch;
  readonly cache?: Storage;
  readonly findAppSecret?: () => Promise<string | undefined>;
  readonly findClientKey?: () => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe?: ProviderObserver | undefined;
}

/**
 * The provider of a configuration, as its application sees it.
 *
 * @param kind `cached`: what it said during the last day will do
 * @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`,
 * network and storage codes
 */
export async function discoverProvider(
  config: LogtoConfig,
  options: DiscoveryMeans,
  kind: 'fresh' | 'cached',
): Promise<Provider> {
  const place = placeOf(config);
  const appId = appIdOf(config);
  const { appSecret, authMethod } = config;
  const { cache, now, observe } = options;
  const [{ discover }, fetch, clientSecret, clientKey] = await Promise.all([
    import('../oidc/discovery.js'),
    options.fetch ?? defaultFetch(),
    appSecret ?? options.findAppSecret?.(),
    findClientKey(config, options.findClientKey),
  ]);
  return discover(
    {
      ...place,
      namedBy: namedBy(config),
      clientId: appId,
      ...(clientSecret && { clientSecret }),
      ...(clientKey && { clientKey }),
      ...(authMethod && { authentication: authMethod }),
      fetch,
      now,
      ...(cache && { cache }),
      observe,
    },
    { useCache: kind === 'cached' },
  );
}
