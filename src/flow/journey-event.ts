/** What whoever drives a browser must know of a sign-in that is under way, moment by moment. Nothing in it is secret. */
export type JourneyEvent =
  /** The callback can come. */
  | { readonly event: 'listening'; readonly redirectUri: string }
  /** Somebody has to open this address, in any browser that reaches the redirect URI. It comes after `listening`. */
  | { readonly event: 'authorization_url'; readonly url: string }
  /** Something to look into; the sign-in goes on. */
  | { readonly event: 'warning'; readonly message: string }
  /** The authorization response has come, and is being validated. It may be an error. */
  | { readonly event: 'callback' }
  /** The tokens are validated and stored. */
  | {
      readonly event: 'signed_in';
      readonly profile: string;
      readonly issuer: string;
      readonly appId: string;
      readonly subject: string;
    }
  /** The last one: what stopped it, and the exit code of the program. Before `signed_in`, there is no session. */
  | {
      readonly event: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly exitCode: number;
    };
