import { checkProvider } from './check-provider.js';
import type { Provider } from './provider.js';
import type { ProviderEvent } from './provider-event.js';
import type { ProviderOptions } from './provider-options.js';
import { ProviderRecord } from './provider-record.js';

/** How a discovery is done. */
export interface DiscoveryOptions {
  /**
   * Takes what the cache knows of the provider, if that is less than 24 hours old, for what it would say now. Default:
   * it is asked. Either way the cache gets what it says.
   */
  readonly useCache?: boolean;
  /** Aborts it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Finds an OpenID Provider by its issuer, or where its document is said to be (OpenID Connect Discovery 1.0, section 4): one request, plus redirects within
 * the origin; none where the cache is used and has it. No other endpoint is contacted, but the discovery document of
 * another issuer that the answer names, before that is proposed.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`, network codes
 */
export async function discover(
  options: ProviderOptions,
  { useCache = false, signal }: DiscoveryOptions = {},
): Promise<Provider> {
  const { observe } = options;
  checkProvider(options);

  async function read(): Promise<ProviderRecord | null> {
    const checks: ProviderEvent[] = [];
    const record = await ProviderRecord.read(options, (check) => checks.push(check));
    if (record === null || observe === undefined) return record;
    observe({ kind: 'metadata', metadata: record.metadata, isCached: true });
    checks.forEach(observe);
    return record;
  }

  // Loading the protocol library takes about as long as the answer: both at once.
  const [record, { Provider: DiscoveredProvider }] = await Promise.all([
    (useCache ? read() : Promise.resolve(null)).then(
      (known) => known ?? ProviderRecord.begin(options, signal),
    ),
    import('./provider.js'),
  ]);
  return new DiscoveredProvider(options, record);
}
