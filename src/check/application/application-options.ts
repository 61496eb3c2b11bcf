/** What is known of an application before it is tested. */
export interface ApplicationOptions {
  /** Where a visitor starts. */
  readonly url: string;
  /** The application's ID at the provider. */
  readonly appId: string;
  /** Its secret there, where that is known: it must stand in no address. */
  readonly appSecret?: string;
  /** Whether it has no secret there. */
  readonly isPublic: boolean;
  /** What sends to the provider, where the start page does not. */
  readonly signInUrl?: string;
  /** What tells whether somebody is signed in. Default: `url`. */
  readonly signedInUrl?: string;
  /** What only a signed-in page says. */
  readonly signedInText?: string;
  readonly signOutUrl?: string;
  readonly signUpUrl?: string;
  readonly backChannelLogoutUrl?: string;
  /** The registered one. Default: that of the first authorization request. */
  readonly redirectUri?: string;
  /** The parameter of the start that names a place to return to. */
  readonly returnParameter?: string;
}
