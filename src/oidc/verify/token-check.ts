/** What a clause is about: `details.reason` of `token_invalid`. */
export type TokenSubject =
  | 'format'
  | 'typ'
  | 'alg'
  | 'crit'
  | 'iss'
  | 'aud'
  | 'signature'
  | 'exp'
  | 'nbf'
  | 'scope'
  | 'organization';

/** One thing that an API looks at in an access token, and what it finds. */
export interface TokenCheck {
  readonly subject: TokenSubject;
  /** What must hold, in a few words. */
  readonly what: string;
  /** The specification and the section that ask for it. */
  readonly clause: string;
  /** `null`: nobody asked, or it depends on the API; `message` says which. */
  readonly passed: boolean | null;
  /** What was seen, in sentences. */
  readonly message?: string;
  /** What to do about one that fails. */
  readonly hint?: string;
}

/** A check that passed. */
export function holds(subject: TokenSubject, what: string, clause: string, message?: string): TokenCheck {
  return { subject, what, clause, passed: true, ...(message !== undefined && { message }) };
}

/** A check that fails. */
export function fails(
  subject: TokenSubject,
  what: string,
  clause: string,
  message: string,
  hint: string,
): TokenCheck {
  return { subject, what, clause, passed: false, message, hint };
}

/** A check that nobody asked for, or whose end only the API knows. */
export function isOpen(subject: TokenSubject, what: string, clause: string, message: string): TokenCheck {
  return { subject, what, clause, passed: null, message };
}
