/** What a provider does wrong, by name, as an emulator is told it. What is not named it does right. */
export type ProviderFaults = {
  readonly [name in
    | 'response'
    | 'authorization'
    | 'code'
    | 'idToken'
    | 'token'
    | 'userinfo'
    | 'discovery'
    | 'jwks'
    | 'revocation'
    | 'endSession'
    | 'refresh'
    | 'clock']?: string;
};

/** One request to the provider that belongs to a visit. */
export interface ProviderRequest {
  readonly endpoint: 'authorization' | 'token' | 'userinfo' | 'end-session' | 'revocation' | 'elsewhere';
  readonly method: string;
  /** Of the query and of the form; repeated ones are all there. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly authorization: 'basic' | 'bearer' | 'none';
  /** What sent it says that it is. */
  readonly userAgent: string | null;
  readonly clientId: string | null;
  /** What was answered; 0 where nothing was. */
  readonly status: number;
}

/** What becomes of the browsers of a visit at the provider. Browsers that fill in its pages need none. */
export interface ProviderGuide {
  /** Says who signs in, by username, without a page that asks. */
  readonly signInAs?: () => string;
  /** Whether an authorization request is answered. Else the browser stays at a page of the provider, and `onHeld` is told. */
  readonly isAnswered?: () => boolean;
  readonly onHeld?: () => void;
  /** May replace the address that an answer is sent back to; `null`: it is not, and the browser stays at the provider. */
  readonly onCallback?: (callback: URL) => URL | null | Promise<URL | null>;
}

/** What an application does in one visit, told apart from other visits, with faults of its own. */
export interface ProviderVisit {
  /** What its browsers send along to the provider, as `x-logto-cli-visit`. */
  readonly id: string;
  /** An address at which a browser gets known to the provider as one of this visit. */
  readonly entrance: string;
  readonly requests: readonly ProviderRequest[];
  /** Of this visit alone, from now on. */
  setFaults(faults: ProviderFaults): void;
  /** Of this visit alone, from now on. */
  setGuide(guide: ProviderGuide): void;
  /** Whether this is a code or a token that was given out in this visit. */
  hasIssued(value: string): boolean;
  close(): void;
}

/** Who can sign in. */
export interface ProviderUser {
  /** The `sub` claim. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly name?: string;
  readonly email?: string;
}

/** What the claims of UserInfo say with the fault `userinfo: other-subject`: nobody who can sign in is called so. */
export const anotherUsersWords: readonly string[] = [
  'another-user',
  'Another User',
  'another_user',
  'another-user@example.test',
];

/**
 * The provider that an application is tested with: it answers wrongly when it is told to. An emulator is one; checks know
 * no more of it than this.
 */
export interface MisbehavingProvider {
  readonly endpoint: string;
  readonly issuer: string;
  readonly description: { readonly users: readonly ProviderUser[] };
  /** What it publishes now, and how often that was read so far. */
  readonly publication: {
    /** By what ID tokens may be signed, as it announces. */
    readonly idTokenAlgorithms: readonly string[];
    /** How many keys there are. */
    readonly keys: number;
    readonly reads: { readonly discovery: number; readonly keys: number };
  };
  visit(faults?: ProviderFaults): ProviderVisit;
  /** Of the provider as a whole, from now on. */
  setFaults(faults: ProviderFaults): void;
  /**
   * Tells the application that the session of a visit's latest sign-in is over, and how it answered.
   *
   * @param fault what is wrong with the logout token, by name
   * @throws LogtoError where nothing is answered
   */
  sendLogoutToken(visit: ProviderVisit, url: string, fault?: string): Promise<{ readonly status: number }>;
  /** Registers further addresses of the application. */
  register(
    appId: string,
    uris: { readonly redirectUri?: string; readonly postLogoutRedirectUri?: string },
  ): void;
}
