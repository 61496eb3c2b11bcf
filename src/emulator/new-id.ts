import { randomBytes } from 'node:crypto';

/** A new identifier (`sub`, organization): 12 characters, as Logto's are. */
export function newId(): string {
  return randomBytes(6).toString('hex');
}
