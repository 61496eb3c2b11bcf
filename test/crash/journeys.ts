import type { Step } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import type { RunningProgram } from '../support/program.js';

/** What is in the storage: nothing, a session from before the run that was killed, or one that it made. */
export type Stored = 'none' | 'old' | 'new';

/** A command that changes what is stored, and what may be found after it was killed. */
export interface Journey {
  readonly name: string;
  /** Whether somebody is signed in before it. */
  readonly signedIn: boolean;
  args(provider: LyingProvider, port: number): readonly string[];
  /** What the person at the browser does, if there is one; fails when the program dies meanwhile. */
  readonly browse: ((program: RunningProgram, provider: LyingProvider) => Promise<void>) | null;
  /** What it asks the provider for, so that it can be killed then. */
  readonly requests: readonly Step[];
  /** What it leaves when nobody kills it. */
  readonly leaves: Stored;
  /** The command that comes next. */
  readonly next: readonly string[];
  /** How that one must end, by what is stored: with an exit code, or an error's code. */
  readonly nextEnds: Readonly<Partial<Record<Stored, number | string>>>;
}

const refreshing = ['token', '--refresh', '--json'];
const leaving = ['sign-out', '--no-browser', '--timeout', '0', '--json'];

async function signInAtBrowser(program: RunningProgram, provider: LyingProvider): Promise<void> {
  await fetch(await provider.authorize(await program.address()));
}

const signInArgs = ({ issuer, clientId }: LyingProvider, port: number) => {
  const application = ['--issuer', issuer, '--app-id', clientId, '--port', String(port)];
  return ['sign-in', ...application, '--no-browser', '--no-preflight', '--storage', 'file', '--json'];
};

/** Every command that writes a session. */
export const journeys: readonly Journey[] = [
  {
    name: 'the first sign-in',
    signedIn: false,
    args: signInArgs,
    browse: signInAtBrowser,
    requests: ['discovery', 'token', 'jwks'],
    leaves: 'new',
    next: refreshing,
    nextEnds: { none: 'not_signed_in', new: 0 },
  },
  {
    name: 'a sign-in over a session',
    signedIn: true,
    args: signInArgs,
    browse: signInAtBrowser,
    requests: ['discovery', 'token', 'jwks'],
    leaves: 'new',
    next: refreshing,
    nextEnds: { old: 0, new: 0 },
  },
  {
    name: 'a refresh',
    signedIn: true,
    args: () => refreshing,
    browse: null,
    requests: ['discovery', 'jwks', 'token'],
    leaves: 'new',
    next: refreshing,
    nextEnds: { old: 0, new: 0 },
  },
  {
    name: 'a sign-out',
    signedIn: true,
    args: (_provider, port) => ['sign-out', '--port', String(port), '--no-browser', '--json'],
    // By way of the provider back to the program.
    browse: async (program) => void (await fetch(await program.address())),
    requests: ['discovery', 'revoke', 'end-session'],
    leaves: 'none',
    next: leaving,
    nextEnds: { old: 0, none: 0 },
  },
];
