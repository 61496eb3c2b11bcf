import type { InteropBrowser } from './interop-browser.js';

/** An OpenID Provider that other people wrote, as this tier starts it: on loopback, with what it needs in a folder. */
export interface InteropProvider {
  readonly name: string;
  /** What this machine lacks for it, with the line that installs it; `null` when it can be started. */
  missing(): string | null;
  /** Starts it with two applications and one user, and returns when it answers. */
  start(options: InteropOptions): Promise<RunningProvider>;
}

/** What a provider is started with. */
export interface InteropOptions {
  /** Free on this machine. */
  readonly port: number;
  /** Registered for both applications, and its root as the post-logout redirect URI where there is such a thing. */
  readonly redirectUri: string;
  /** That of the confidential application. */
  readonly secret: string;
}

/** A provider that runs. */
export interface RunningProvider {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly publicApp: { readonly id: string };
  readonly confidentialApp: { readonly id: string; readonly secret: string };
  /** Applications beside these two, by a name: what only this provider knows. */
  readonly further?: Readonly<Record<string, { readonly id: string; readonly secret?: string }>>;
  /**
   * Does what the user does in a browser that was sent to an authorization request: signs in, and consents.
   *
   * @returns where the provider sends the browser then: the callback, which is not requested
   */
  signIn(authorizationUrl: string, browser: InteropBrowser): Promise<string>;
  /** Does what the user does in a browser that was sent to the end session endpoint; the answer is the same. */
  signOut(endSessionUrl: string, browser: InteropBrowser): Promise<string>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

/** The one user of every provider that asks who it is. */
export const alice = { username: 'alice', email: 'alice@example.test', password: 'Wonder-land-1' } as const;
