import { newId } from './parse-seed.js';
import type { EmulatorUser } from './seed.js';

/** Why a registration was refused, in words for the page. */
export interface Refusal {
  readonly refused: string;
}

/** A user together with the moment the directory learned of them (milliseconds since 1970). */
export interface DirectoryUser extends EmulatorUser {
  readonly createdAt: number;
}

const maximumUsers = 10_000;
const minimumPasswordLength = 8;

/** The users of one emulator: those of the seed and those who registered. In memory. */
export class UserDirectory {
  readonly #byUsername = new Map<string, DirectoryUser>();
  readonly #byId = new Map<string, DirectoryUser>();

  constructor(seeded: readonly EmulatorUser[]) {
    for (const user of seeded) this.#add(user);
  }

  byId(id: string): DirectoryUser | null {
    return this.#byId.get(id) ?? null;
  }

  /** The user with exactly this username (case matters, as at Logto) and password. */
  authenticate(username: string, password: string): DirectoryUser | null {
    const user = this.#byUsername.get(username);
    return user?.password === password ? user : null;
  }

  /** Why this username cannot be registered; `null` when it can. */
  refuseUsername(username: string): Refusal | null {
    if (!/^[A-Z_a-z]\w*$/.test(username) || username.length > 128) {
      return {
        refused:
          'Username should only contain letters, numbers, or underscores, and not begin with a number.',
      };
    }
    if (this.#byUsername.has(username)) return { refused: 'This username is already in use.' };
    if (this.#byId.size >= maximumUsers) return { refused: 'This emulator holds no more users.' };
    return null;
  }

  /** Why this pair of passwords cannot be set; `null` when it can. */
  refusePassword(password: string, confirmation: string): Refusal | null {
    if (password.length < minimumPasswordLength) {
      return { refused: `Password requires a minimum of ${minimumPasswordLength} characters.` };
    }
    if (password !== confirmation) return { refused: 'Your passwords don’t match. Please try again.' };
    return null;
  }

  /** Adds a user whose username and password are not refused. */
  register(username: string, password: string): DirectoryUser {
    return this.#add({ id: newId(), username, password });
  }

  #add(seeded: EmulatorUser): DirectoryUser {
    const user = { ...seeded, createdAt: Date.now() };
    this.#byUsername.set(user.username, user);
    this.#byId.set(user.id, user);
    return user;
  }
}
