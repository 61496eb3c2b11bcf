import type { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import type { NamedBy } from '../../wording.js';
import type { ClientIdentity } from '../client-authentication.js';
import type { ProviderMetadata } from '../provider-metadata.js';

/** The application that a probe asks a provider about. Probes have no side effects and need no user. */
export interface ProbeTarget extends ClientIdentity {
  readonly metadata: ProviderMetadata;
  /** By what the provider is set, for the words of errors. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends the probe with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * What a probe learnt. `accepted` and `refused` are proved by an answer that cannot mean anything else; everything else
 * is `unknown`, with the reason in a sentence: a guess is worse than nothing.
 */
export type Verdict =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'refused'; readonly error: LogtoError }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** What is said of everything that a probe cannot prove. */
export function unknown(reason: string): Verdict & { readonly verdict: 'unknown' } {
  return { verdict: 'unknown', reason };
}
