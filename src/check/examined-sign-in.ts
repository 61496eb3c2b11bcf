/** The sign-in that is looked at before it is tried, as the flags of `sign-in` would shape it. */
export interface ExaminedSignIn {
  /** `null`: nobody chose one. */
  readonly redirectUri: string | null;
  /** Where to listen, when that is not the redirect URI's port. */
  readonly port?: number;
  readonly postLogoutRedirectUri?: string;
  /** Beside the default ones. */
  readonly scopes: readonly string[];
  readonly defaultScopes: boolean;
  readonly resources: readonly string[];
  /** `null` sends none; `undefined` is the default. */
  readonly prompt?: string | null;
  /** The device flow instead of a browser here. */
  readonly device: boolean;
}
