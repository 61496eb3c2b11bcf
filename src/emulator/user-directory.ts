import { newId } from './new-id.js';
import type { EmulatorIdentifierType, EmulatorUser } from './seed.js';

/** A user together with the moment the directory learned of them (milliseconds since 1970). */
export interface DirectoryUser extends EmulatorUser {
  readonly createdAt: number;
  /** When it last changed, counted as `createdAt`. */
  readonly updatedAt: number;
}

/** What a user is named by. */
export interface Identifier {
  readonly type: EmulatorIdentifierType;
  readonly value: string;
}

/** What is known of somebody who registers. A username or an e-mail address is there. */
export interface NewUser {
  readonly username?: string;
  readonly password?: string;
  readonly email?: string;
}

/** Whom an emulator has room for. */
export const maximumUsers = 10_000;

/** The users of one emulator: those of the seed and those who registered. In memory. */
export class UserDirectory {
  readonly #byId = new Map<string, DirectoryUser>();
  readonly #seeded = new Set<string>();

  constructor(seeded: readonly EmulatorUser[]) {
    for (const user of seeded) this.#seeded.add(this.#add(user).id);
  }

  /** Everybody that there is now. */
  get all(): Iterable<DirectoryUser> {
    return this.#byId.values();
  }

  /** Those that it was told of: whoever registered is not among them, since that password is somebody's own. */
  get seeded(): readonly DirectoryUser[] {
    return [...this.#byId.values()].filter(({ id }) => this.#seeded.has(id));
  }

  byId(id: string): DirectoryUser | null {
    return this.#byId.get(id) ?? null;
  }

  /** The user with exactly this identifier: case matters, as at Logto. */
  find({ type, value }: Identifier): DirectoryUser | null {
    if (value === '') return null;
    for (const user of this.#byId.values()) if (user[type] === value) return user;
    return null;
  }

  get size(): number {
    return this.#byId.size;
  }

  get isFull(): boolean {
    return this.#byId.size >= maximumUsers;
  }

  /** Adds a user whose identifiers nobody has. Who registers by e-mail has no username, and no password. */
  register(user: NewUser): DirectoryUser {
    return this.#add({ username: '', password: '', ...user, id: newId() });
  }

  /** Adds a user, or puts one in the place of that with the same id, as though it stood in the seed. */
  tell(user: EmulatorUser): void {
    this.#seeded.add(this.#add(user).id);
  }

  #add(seeded: EmulatorUser): DirectoryUser {
    const now = Date.now();
    const user = { ...seeded, createdAt: this.#byId.get(seeded.id)?.createdAt ?? now, updatedAt: now };
    this.#byId.set(user.id, user);
    return user;
  }
}
