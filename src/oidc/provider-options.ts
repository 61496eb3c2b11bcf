import type { Fetch } from '../network/fetch.js';
import type { NamedBy } from '../wording.js';
import type { ClientIdentity } from './client-authentication.js';
import type { ProviderPlace } from './issuer-url.js';
import type { ProviderObserver } from './provider-event.js';

/** What is needed to talk to an OpenID Provider as one application (relying party). */
export interface ProviderOptions extends ClientIdentity, ProviderPlace {
  /** By what the provider is set, for the words of errors. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where what the provider publishes is kept for other processes. Absent: this process asks for itself. */
  readonly cache?: ProviderCache;
  /** Is told what no request shows: what was checked, and what went through the browser. */
  readonly observe?: ProviderObserver | undefined;
}

/**
 * Keeps texts between processes: what providers publish, nothing secret. A failure of it, thrown as a `LogtoError`, fails
 * no operation.
 */
export interface ProviderCache {
  /** `null` when there is none. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}
