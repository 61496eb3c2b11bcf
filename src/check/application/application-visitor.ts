import type { VisitedPage } from '../../headless/visitor.js';

/** Where a browser that visits an application ended up. */
export type Page = VisitedPage;

/** Who an application takes a browser for. `stuck`: it answers that browser with errors, or not at all. */
export type SignedIn = 'user' | 'somebody' | 'nobody' | 'stuck';

/** Where a sign-in ended. */
export interface SignInPage extends Page {
  /** Whether the provider asked who it is. */
  readonly isAsked: boolean;
}

/** Where a sign-out ended. */
export interface SignOutPage extends Page {
  /** Whether anything was done there, beside showing a page. */
  readonly isBegun: boolean;
}

/** A cookie of the application, as its browser keeps it. */
export interface ApplicationCookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  /** Whether it goes along to the subdomains of its host, too (`Domain`). Default: it does not. */
  readonly hasSubdomains?: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** `null` where it says nothing; `undefined` where what it says is not known. */
  readonly sameSite: string | null | undefined;
}

/** How somebody signs in. */
export interface VisitorSignIn {
  /** The username. Default: that of the visit. */
  readonly user?: string;
  /** Added to the address of the start, and to those that are clicked from there. */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * May replace the address of the callback before it is asked for; `null`: it is not asked for. The parameters of a form
   * (`response_mode=form_post`) are shown as its query.
   */
  readonly onCallback?: (callback: URL) => URL | null | Promise<URL | null>;
}

/** Somebody whom the provider does not know yet. */
export interface NewUser {
  readonly username: string;
  readonly password: string;
}

/** One browser before an application. What an application does makes it throw nothing. */
export interface ApplicationVisitor {
  /**
   * Opens the start page and goes through the sign-in, up to the page after the callback. Whatever leads to the provider
   * after that is not followed: it would sign in anew, and soundly.
   */
  signIn(options?: VisitorSignIn): Promise<SignInPage>;
  /**
   * Opens the address of a sign-up, and registers a new user at the provider, up to the page after the callback; absent
   * where that cannot be had.
   */
  signUp?(url: string, user: NewUser): Promise<SignInPage>;
  /** Who the application takes this browser for. The provider is asked for nothing meanwhile. */
  isSignedIn(): Promise<SignedIn>;
  /** Opens an address, and goes where it leads, to the provider too. */
  open(url: string): Promise<Page>;
  /** Signs out, where somebody said how, and goes where that leads. */
  signOut(): Promise<SignOutPage>;
  /** The cookies that the application set. */
  cookies(): Promise<readonly ApplicationCookie[]>;
  /** Another browser, with these cookies of the application and no other. */
  withCookies(cookies: readonly ApplicationCookie[]): Promise<ApplicationVisitor>;
  /** Another browser, with what the provider set and nothing of the application; absent where that cannot be had. */
  withoutApplication?(): Promise<ApplicationVisitor>;
}
