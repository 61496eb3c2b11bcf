import type { UserDirectory } from './user-directory.js';

/** What a click registers with: it keeps the strictest rules that a seed can have, but for a greater length. */
export const newcomerPassword = 'Emulator-only-1';

/** Where the button of a newcomer leads. */
export function newcomerPathOf(username: string): string {
  return `/register-at-once/${username}`;
}

/** Whom a button registers; `null` for a path that is of none. */
export function newcomerAt(pathname: string): string | null {
  const [, username = null] = /^\/register-at-once\/(newcomer\d{1,9})$/.exec(pathname) ?? [];
  return username;
}

/** The first of such names that nobody has. */
export function freeNewcomer(users: Pick<UserDirectory, 'find'>): string {
  for (let number = 1; ; number += 1) {
    const value = `newcomer${number}`;
    if (users.find({ type: 'username', value }) === null) return value;
  }
}
