import { expect, it } from 'vitest';
import { type AttackOptions, type Deed, signIn, startAttack } from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import type { Refused } from '../support/refusal.js';

/** A lie that must not be believed. */
export interface HostileCase {
  /** Goes on where the title of the group ends. */
  readonly what: string;
  readonly lies: Lies | ((lying: LyingProvider) => Lies);
  readonly refused: Refused;
  /** What the message has in it. */
  readonly says?: string;
  /** What the client does. Default: it signs in. */
  readonly deed?: Deed;
  readonly options?: AttackOptions;
}

/** Makes a test of each. */
export function itIsRefused(cases: readonly HostileCase[]): void {
  it.each(cases.map((hostile): [string, HostileCase] => [titleOf(hostile), hostile]))(
    '%s',
    async (_, { lies, refused, says = '', deed = signIn, options }) => {
      const attack = await startAttack({}, options);
      attack.lying.lies = typeof lies === 'function' ? lies(attack.lying) : lies;
      const error = await attack.refuses(deed, refused);
      expect(error.message).toContain(says);
    },
  );
}

function titleOf({ what, refused: { code, reason } }: HostileCase): string {
  return `${what} (${code}${reason === undefined ? '' : `, ${reason}`})`;
}
