/**
 * The one way to the network that protocol code knows: `fetch` with the limits of the contract built in.
 *
 * Implementations end every request within 10 seconds, body included, read at most 1 MB after decompression,
 * follow no redirect, send no `Origin`, and throw {@link LogtoError} only:
 * `network_unreachable`, `request_timeout`, `tls_untrusted`, `provider_error` (unusable HTTP).
 * A response of any status is returned, its body already read whole.
 */
export type Fetch = (url: string, init?: FetchInit) => Promise<Response>;

/** One request. `signal` ends it with the signal's reason; header names may be in any case. */
export interface FetchInit {
  /** Default: GET. */
  readonly method?: string;
  /** Their names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A form or a text. */
  readonly body?: string | URLSearchParams | null;
  /** Ends the request with its reason. */
  readonly signal?: AbortSignal;
}
