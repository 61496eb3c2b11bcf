import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LogtoError } from '../errors.js';
import type { ApiAnswer } from './api-answer.js';
import { checkFaults, type EmulatorFaults } from './faults/emulator-faults.js';
import type { EmulatorUser } from './seed.js';
import { type DirectoryUser, maximumUsers, type UserDirectory } from './user-directory.js';

/** Where a running emulator can be told what to do, by whoever has its key. Logto has no such path. */
export const controlPath = '/.emulator';

/** A user by name, and what is new about it: `null` for what it has no more. */
export type EmulatorUserChange = Pick<EmulatorUser, 'username'> & {
  readonly [Field in keyof EmulatorUser]?: EmulatorUser[Field] | null;
};

/** What a running emulator is told, all of it or nothing. */
export interface EmulatorChange {
  /** Ends the faults that are there, before others are added. */
  readonly clearFaults?: boolean;
  /** Beside those that are there, or in the place of one of the same name. */
  readonly faults?: EmulatorFaults;
  /** Changed, or added where nobody has the username. */
  readonly users?: readonly EmulatorUserChange[];
}

/** What came of it. */
export interface EmulatorState {
  /** What the emulator does wrong now. */
  readonly faults: EmulatorFaults;
  /** The users that were named, as they are now. */
  readonly users: readonly EmulatorUser[];
}

/** The faults that an emulator has, which can be replaced. */
export interface FaultSetting {
  get(): EmulatorFaults;
  /** @throws LogtoError `config_invalid` */
  set(faults: EmulatorFaults): void;
}

/** Lets whoever has the key change an emulator while it runs. */
export class Control {
  readonly #key: Buffer;

  constructor(
    key: string,
    private readonly faults: FaultSetting,
    private readonly users: UserDirectory,
  ) {
    this.#key = digest(`Bearer ${key}`);
  }

  /**
   * The answer to a request at {@link controlPath}.
   *
   * @param body `null` where it was too large
   */
  async answer(req: IncomingMessage, body: string | null): Promise<ApiAnswer> {
    const { authorization = '', origin, 'sec-fetch-site': site } = req.headers;
    // No page has anything to say here, whatever it knows.
    const isPage = origin !== undefined || (site !== undefined && site !== 'none');
    if (isPage || !timingSafeEqual(digest(authorization), this.#key)) {
      return refused(403, 'The key of this emulator is needed: it prints it with --json.');
    }
    if (req.method !== 'PATCH') return refused(405, 'Only PATCH is answered here.');
    if (body === null) return refused(413, 'That is too much at once.');
    try {
      return { status: 200, body: await this.#change(readChange(body)) };
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      return refused(400, error.message, error.hint);
    }
  }

  /** Everything is checked before anything is changed. */
  async #change({ clearFaults = false, faults = {}, users = [] }: EmulatorChange): Promise<EmulatorState> {
    const changed = await changedUsers(this.users, users);
    this.faults.set(checkFaults({ ...(clearFaults ? {} : this.faults.get()), ...faults }));
    for (const user of changed) this.users.tell(user);
    return { faults: this.faults.get(), users: changed };
  }
}

/** @throws LogtoError `config_invalid` */
function readChange(text: string): EmulatorChange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('What an emulator is told is JSON.');
  }
  if (!isRecord(value)) throw invalid('What an emulator is told is an object.');
  const unknown = Object.keys(value).find((name) => !['clearFaults', 'faults', 'users'].includes(name));
  if (unknown !== undefined) throw invalid(`An emulator cannot be told ${JSON.stringify(unknown)}.`);
  const { clearFaults, faults, users } = value;
  if (clearFaults !== undefined && typeof clearFaults !== 'boolean')
    throw invalid('clearFaults must be true or false.');
  if (faults !== undefined && !isRecord(faults)) throw invalid('faults must be an object.');
  if (users !== undefined && !isListOfUsers(users))
    throw invalid('users must be a list of objects, each with a username.');
  return value;
}

/**
 * The users as they are to be. A new one gets what the users of the default seed have: an id and a password that can be
 * written down.
 *
 * @throws LogtoError `config_invalid`
 */
async function changedUsers(
  directory: UserDirectory,
  changes: readonly EmulatorUserChange[],
): Promise<readonly EmulatorUser[]> {
  if (changes.length === 0) return [];
  const { checkSeed } = await import('./parse-seed.js');
  const users = new Map([...directory.all].map((user) => [user.id, seedOf(user)]));
  const named = new Set<string>();
  for (const { username, ...change } of changes) {
    if (change.personalAccessTokens !== undefined)
      throw invalid('Personal access tokens are made by the Management API while an emulator runs.');
    const known = directory.find({ type: 'username', value: username });
    if (known === null && directory.size + named.size >= maximumUsers)
      throw invalid('There is no room for more users.');
    const id = known?.id ?? change.id ?? `emulator-user-${username}`;
    if (known !== null && (change.id ?? id) !== id)
      throw invalid(`The id of the user ${username} stays what it is: tokens name it.`);
    if (known === null && users.has(id) && !named.has(id)) throw invalid(`Another user has the id ${id}.`);
    const before = users.get(id) ?? { username, password: `emulator-only-${username}` };
    const members = Object.entries({ ...before, ...change, id, username }).filter(
      ([, value]) => value !== null,
    );
    users.set(id, Object.fromEntries(members) as unknown as EmulatorUser);
    named.add(id);
  }
  // Who registered by e-mail has no username and no password, which a seed has no words for: that is no change of ours.
  const judged = [...users.values()].filter(({ id, username, password }) => {
    return named.has(id) || (username !== '' && password !== '');
  });
  try {
    const seed = checkSeed({ users: judged, organizations: [] });
    return seed.users.filter(({ id }) => named.has(id));
  } catch (error) {
    throw error instanceof LogtoError ? namingUser(error, judged) : error;
  }
}

/** The fault of a user by its name: nobody knows the place of a user in this list. */
function namingUser({ message }: LogtoError, users: readonly EmulatorUser[]): LogtoError {
  const [, index = '', field = '', problem = ''] =
    /^\$\.users\[(\d+)\]\.?([^:]*): (.*)$/s.exec(message) ?? [];
  const username = users[Number(index)]?.username;
  return invalid(username === undefined ? message : `The user ${username}: ${field} ${problem}.`);
}

function seedOf({ createdAt: _, updatedAt: __, ...user }: DirectoryUser): EmulatorUser {
  return user;
}

function isListOfUsers(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((user) => isRecord(user) && typeof user['username'] === 'string' && user['username'] !== '')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): LogtoError {
  return new LogtoError('config_invalid', message, 'What it can be told: logto-cli help emulator');
}

function refused(status: number, message: string, hint?: string): ApiAnswer {
  return { status, body: { message, ...(hint !== undefined && { hint }) } };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
