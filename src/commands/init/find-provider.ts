import { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import { discover } from '../../oidc/discovery.js';
import { isNetworkError } from '../../oidc/http-answer.js';
import type { ProviderPlace } from '../../oidc/issuer-url.js';
import type { ProviderMetadata } from '../../oidc/provider-metadata.js';
import type { Runtime } from '../../runtime.js';
import type { NamedBy } from '../../wording.js';

/** A provider that has answered. */
export interface FoundProvider {
  /** As in a configuration. */
  readonly named: { readonly endpoint: string } | { readonly issuer: string; readonly discoveryUrl?: string };
  readonly namedBy: NamedBy;
  readonly metadata: ProviderMetadata;
}

/** What is asked with. */
export interface ProviderMeans {
  readonly runtime: Pick<Runtime, 'now' | 'observe' | 'interruption'>;
  readonly fetch: Fetch;
}

/**
 * The first of these that there is, by its discovery document. One that lists Logto's own scopes is taken for a
 * Logto, and named by its endpoint; nothing is made of an address that merely looks like one.
 *
 * @throws LogtoError the codes of discovery, of the one that was most probably meant
 */
export async function findProvider(
  { runtime, fetch }: ProviderMeans,
  places: readonly ProviderPlace[],
): Promise<FoundProvider> {
  const failures: LogtoError[] = [];
  for (const place of places) {
    try {
      const { now, observe, interruption: signal } = runtime;
      const { metadata } = await discover(
        { ...place, namedBy: 'issuer', clientId: '', fetch, now, observe },
        { signal },
      );
      return foundAt(place, metadata);
    } catch (error) {
      if (!(error instanceof LogtoError) || error.code === 'interrupted') throw error;
      // The others are at the same host.
      if (isNetworkError(error) && error.code !== 'provider_error') throw error;
      failures.push(error);
    }
  }
  const failure = failures.find(({ code }) => code === 'issuer_mismatch') ?? failures.at(1) ?? failures[0];
  throw failure ?? new TypeError('nobody was asked');
}

function foundAt(place: ProviderPlace, metadata: ProviderMetadata): FoundProvider {
  const { issuer, discoveryUrl } = place;
  const isLogto =
    discoveryUrl === undefined &&
    issuer.endsWith('/oidc') &&
    (metadata.scopes_supported ?? []).some((scope) => scope.startsWith('urn:logto:scope:'));
  return isLogto
    ? { named: { endpoint: issuer.slice(0, -'/oidc'.length) }, namedBy: 'endpoint', metadata }
    : {
        named: { issuer, ...(discoveryUrl !== undefined && { discoveryUrl }) },
        namedBy: 'issuer',
        metadata,
      };
}
