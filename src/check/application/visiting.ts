import type { ApplicationOptions } from './application-options.js';
import type { ApplicationVisitor } from './application-visitor.js';
import type { MisbehavingProvider, ProviderUser, ProviderVisit } from './misbehaving-provider.js';
import type { Spoken } from './undecided-application.js';

/** What those who visit an application know of it beforehand. */
export interface VisitedApplication extends Spoken {
  readonly provider: MisbehavingProvider;
  readonly options: ApplicationOptions;
  /** Who signs in unless somebody else is named. */
  readonly user: ProviderUser;
  /** Whether an address is one of the application. */
  readonly isApplication: (address: string) => boolean;
  /** Has the provider take the redirect URI of this authorization request, where it may. */
  register(request: URL): void;
}

/** What was learned of an application by visiting it. */
export interface Acquaintance {
  /** The authorization request that was seen first. */
  readonly authorizationRequest: URL;
  /** A browser that has never been there, in this visit. */
  newVisitor(visit: ProviderVisit): ApplicationVisitor;
}

/** What hints say of what a person can set, within a sentence. */
export interface VisitingWords {
  /** How the sign-out is named. */
  readonly signOut: string;
  /** How the address is named at which people sign up. */
  readonly signUp: string;
  /** How the address is named that takes logout tokens. */
  readonly backChannelLogout: string;
  /** How the parameter of a place to return to is named. */
  readonly returnParameter: string;
  /** What to do to know which check ended the application. */
  readonly lost: string;
  /** What to do to have it started again. */
  readonly restart: string;
}

/** Those who visit an application, of one kind. */
export interface Visiting {
  readonly words: VisitingWords;
  /**
   * Learns by visiting it how one signs in to the application, and what tells whether somebody is: it is looked at as a
   * stranger, and after a sound sign-in.
   *
   * @throws LogtoError `app_undecided`
   */
  getToKnow(application: VisitedApplication): Promise<Acquaintance>;
  /** Ends the browsers of a visit that is over. */
  leave?(visit: ProviderVisit): Promise<void>;
}
