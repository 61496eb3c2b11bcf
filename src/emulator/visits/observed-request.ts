/** One request to the provider that belongs to a visit, and what it was answered. */
export interface ObservedRequest {
  /** `elsewhere`: what followed the redirect of the fault `token=redirect`. */
  readonly endpoint: 'authorization' | 'token' | 'userinfo' | 'end-session' | 'revocation' | 'elsewhere';
  /** GET, POST… */
  readonly method: string;
  /** Of the query and of the form, in that order; repeated ones are all there. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** The scheme of the header `Authorization`; credentials in the form are among the parameters. */
  readonly authorization: 'basic' | 'bearer' | 'none';
  /** What sent it says that it is, as the header `User-Agent`; `null` where it says nothing. */
  readonly userAgent: string | null;
  /** The application that asked; `null` when that could not be told. */
  readonly clientId: string | null;
  /** The HTTP status of the answer; 0 while there is none, and where the connection was cut. */
  readonly status: number;
}
