/** How long tokens live, in seconds. */
export interface TokenLifetimes {
  /** Opaque and JWT. Default: one hour. */
  readonly accessToken?: number;
  /** Default: one hour. */
  readonly idToken?: number;
  /** Default: 14 days. */
  readonly refreshToken?: number;
}
