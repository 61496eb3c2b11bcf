import type { ErrorCode } from '../../src/errors.js';
import type { Setup, SetupName } from './sound-setup.js';

/** One thing that is wrong, and what the program must say of it: nothing less, and nothing else. */
export interface Fault {
  readonly name: string;
  /** The sound setup that it is injected into. */
  readonly at: SetupName;
  readonly inject: (setup: Setup) => void | Promise<void>;
  /** Outcome and code of the checks that are not as they should be, by id. */
  readonly doctor: Readonly<Record<string, string>>;
  /** `null`: no sign-in meets it. */
  readonly signIn: string | null;
}

/** A sign-in does not mind. */
export const works = 'signs in';

/** It fails before anything is shown to the person. */
export function before(code: ErrorCode, exitCode: number): string {
  return `${code} (${exitCode}), no browser opened`;
}

/** It fails, and no earlier than when the browser has been opened. */
export function later(code: ErrorCode, exitCode: number): string {
  return `${code} (${exitCode}), after the browser`;
}
