import { randomBytes } from 'node:crypto';
import type { UserDirectory } from './user-directory.js';

/** Seconds for which an impersonation token can be exchanged. */
export const impersonationLifetime = 600;

/** More are never needed at once by tests or by a person. */
const maximumTokens = 10_000;

/** A personal access token, as Logto's Management API shows it. */
export interface PersonalAccessToken {
  readonly userId: string;
  /** Unique for its user. */
  readonly name: string;
  readonly value: string;
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  /** `null`: it does not end by itself. */
  readonly expiresAt: number | null;
}

interface ImpersonationToken {
  readonly userId: string;
  readonly expiresAt: number;
}

/** What stands for a user in an exchange beside an access token: personal access tokens, and impersonation tokens. */
export class SubjectTokens {
  readonly #personal = new Map<string, PersonalAccessToken>();
  readonly #impersonation = new Map<string, ImpersonationToken>();

  /** @param users those of the seed, with their personal access tokens */
  constructor(users: UserDirectory) {
    for (const { id: userId, personalAccessTokens = [], createdAt } of users.all) {
      for (const { name, value, expired } of personalAccessTokens) {
        this.#personal.set(value, { userId, name, value, createdAt, expiresAt: expired ? createdAt : null });
      }
    }
  }

  /** Makes a personal access token; `null`: the user has one of that name. */
  addPersonal(userId: string, name: string, expiresAt: number | null): PersonalAccessToken | null {
    if (this.#personalNamed(userId, name) !== null) return null;
    const value = `pat_${randomText(32)}`;
    const token = { userId, name, value, createdAt: Date.now(), expiresAt };
    keep(this.#personal, value, token);
    return token;
  }

  /** Deletes a personal access token. @returns whether it was there */
  deletePersonal(userId: string, name: string): boolean {
    const token = this.#personalNamed(userId, name);
    return token !== null && this.#personal.delete(token.value);
  }

  /** The user of a personal access token that has not ended; `null` for any other text. */
  userOfPersonal(value: string): string | null {
    const token = this.#personal.get(value);
    return token !== undefined && !hasEnded(token) ? token.userId : null;
  }

  /** Makes a token that lets an application act for a user once. */
  addImpersonation(userId: string): string {
    const value = `sub_${randomText(21)}`;
    keep(this.#impersonation, value, { userId, expiresAt: Date.now() + impersonationLifetime * 1000 });
    return value;
  }

  /** The user of an impersonation token that has neither ended nor been used; `null` for any other text. */
  userOfImpersonation(value: string): string | null {
    const token = this.#impersonation.get(value);
    return token !== undefined && !hasEnded(token) ? token.userId : null;
  }

  /** It has been exchanged, and cannot be once more. */
  consume(value: string): void {
    this.#impersonation.delete(value);
  }

  #personalNamed(userId: string, name: string): PersonalAccessToken | null {
    const tokens = [...this.#personal.values()];
    return tokens.find((token) => token.userId === userId && token.name === name) ?? null;
  }
}

function hasEnded({ expiresAt }: { readonly expiresAt: number | null }): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

/** Letters and digits, as many as wanted. */
function randomText(length: number): string {
  let text = '';
  while (text.length < length)
    text += randomBytes(length)
      .toString('base64')
      .replace(/[^a-zA-Z0-9]/g, '');
  return text.slice(0, length);
}

/** Adds an entry; the oldest goes where there would be too many. */
function keep<Value>(entries: Map<string, Value>, key: string, value: Value): void {
  entries.set(key, value);
  if (entries.size <= maximumTokens) return;
  const [oldest = ''] = entries.keys();
  entries.delete(oldest);
}
