import type { Caller } from './application-run.js';

/** What is true of a provider, found by hand; `README.md` here says how. */
export interface Truth {
  /** By the name of the application: `publicApp`, `confidentialApp`, and what the provider has beside them. */
  readonly applications: Readonly<Record<string, ApplicationTruth>>;
  /** What would be untrue of it, wherever it was said. */
  readonly untrue?: RegExp;
  /** What doctor finds of its confidential application with a secret of every kind of character, where that differs. */
  readonly oddSecret?: Findings;
  /** How its public application's tokens are refused when they are no longer what they were. */
  readonly madeUp: {
    /** Of `whoami --remote` with a made-up access token. */
    readonly accessToken: End;
    /** Of `token --refresh` with a made-up refresh token. */
    readonly refreshToken: End;
  };
  readonly broken: readonly Broken[];
}

/** Who calls the applications as they have to be called, by the name of the application. */
export interface Callers {
  readonly publicApp: Caller;
  readonly confidentialApp: Caller;
  readonly [further: string]: Caller;
}

/** What is true of an application that works. */
export interface ApplicationTruth {
  /** Flags that it needs to work. */
  readonly args?: readonly string[];
  /** What UserInfo tells beside the subject. */
  readonly userInfo: Readonly<Record<string, unknown>>;
  readonly doctor: Findings;
  readonly test: Findings;
  readonly signOut: End & {
    readonly revocation: 'done' | 'failed' | 'skipped' | 'unsupported';
    readonly endSession: 'confirmed' | 'unsupported';
  };
  /** Of `token --refresh` with the refresh token of the session that was signed out of. */
  readonly oldRefreshToken: End;
}

/** Checks by what became of them, in any order; all others passed or were skipped. */
export interface Findings {
  readonly failed?: readonly string[];
  readonly warning?: readonly string[];
  readonly incomplete?: readonly string[];
}

/** How a command ends; without a code all went well. */
export interface End {
  readonly exitCode: number;
  readonly code?: string;
}

/** Something that is not as it has to be, and what can be known of it. */
export interface Broken {
  readonly title: string;
  readonly changed: (sound: Callers) => Caller;
  /** Warnings are those of the provider. `code` is that of the first check that failed. */
  readonly doctor: Omit<Findings, 'warning'> & { readonly code?: string };
  /** How a sign-in ends; `stoppedAt` is the page at which the browser is left to the person. */
  readonly signIn: End | { readonly stoppedAt: RegExp };
  /** Of `whoami --remote` after that sign-in. */
  readonly whoami?: End;
}
