import type { DetailsByCode } from '../error-details.js';
import type { ErrorCode } from '../errors.js';

/**
 * One likely cause of an error. In every text, what can be pasted or is a name (commands, flags, variables, addresses)
 * stands in backticks.
 */
interface Cause {
  readonly cause: string;
  /** How to know that it is this one: a command to run, or what to look at. */
  readonly tell: string;
  /** What to do about it: the page and field, the flag, the command. */
  readonly fix: string;
  /** What is true of Logto alone, such as a place in its Console. Shown as that, since the page is for everybody. */
  readonly logto?: string;
  /** The cause itself is one that only Logto has. */
  readonly onlyAtLogto?: true;
}

/** The page of one error code. */
export interface Explanation {
  /** One sentence; also what the table of the help says. */
  readonly meaning: string;
  /** The most likely first. */
  readonly causes: readonly [Cause, ...Cause[]];
  /** Fields of `error.details`, and what each holds. */
  readonly details?: Readonly<Record<string, string>>;
  /** Codes that are taken for this one, or that its causes may raise as well. */
  readonly seeAlso?: readonly ErrorCode[];
  /** What it is about exists at Logto alone: so is all that is said. */
  readonly onlyAtLogto?: true;
}

/** The page of this code: its fields of `details` are those that its errors have. */
type ExplanationOf<Code extends ErrorCode> = Explanation & {
  readonly details?: Code extends keyof DetailsByCode
    ? Readonly<Record<keyof DetailsByCode[Code], string>>
    : Readonly<Record<string, never>>;
};

/** Pages of a family of codes. */
export type Explanations = { readonly [Code in ErrorCode]?: ExplanationOf<Code> };
