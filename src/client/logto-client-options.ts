import type { Fetch } from '../network/fetch.js';
import type { ProviderObserver } from '../oidc/provider-event.js';
import type { Lock, Storage } from '../storage/storage.js';

/** What a client stands on. Every part has a default that works by itself. */
export interface LogtoClientOptions {
  /** Where the token set is kept. Default: in memory, for this client alone. */
  readonly storage?: Storage;
  /** Where a sign-in under way is kept. Default: `storage`. */
  readonly signInStorage?: Storage;
  /** The lock under which the token set is written. Default: this client's; processes that share a storage need one. */
  readonly lock?: Lock;
  /** Where the provider's discovery document and keys are kept for a day, to refresh in one request. Default: nowhere. */
  readonly cache?: Storage;
  /** The way to the network. Default: direct or by the proxy of the environment. */
  readonly fetch?: Fetch;
  /** Looks up the application's secret when the provider is asked. Default: that of the configuration. */
  readonly findAppSecret?: () => Promise<string | undefined>;
  /** Looks up the application's private key then, PEM or JWK. Default: that of the configuration. */
  readonly findClientKey?: () => Promise<string | undefined>;
  /** Milliseconds since 1970. Default: this machine's clock. */
  readonly now?: () => number;
  /** Is told what is checked and what goes through the browser, with what is secret in it. Default: nobody. */
  readonly observe?: ProviderObserver | undefined;
}
