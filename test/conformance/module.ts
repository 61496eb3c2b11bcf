import { expect } from 'vitest';
import {
  type Attack,
  type AttackOptions,
  type Deed,
  reasonOf,
  signIn,
  startAttack,
  userInfo,
} from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import type { Refused } from '../support/refusal.js';

/** One test module of a plan of the OpenID Foundation, by its name there. */
export interface ConformanceModule {
  readonly name: string;
  /** `confirmed` and `not confirmed` are what a sign-out says of itself. */
  readonly expected: 'accepted' | 'confirmed' | 'not confirmed' | Refused;
  readonly options?: AttackOptions;
  /** What the provider does from the moment on when somebody is signed in there. */
  readonly lies?: Lies | ((lying: LyingProvider) => Lies);
  /**
   * What the client does; where something is to be refused that is the last deed. Default: it signs in, and asks
   * UserInfo where that is not refused.
   */
  readonly deeds?: readonly Deed[];
  /** What else is to be seen where it is accepted. */
  readonly also?: (attack: Attack, result: unknown) => void | Promise<void>;
}

/** The modules of one plan. */
export interface ConformancePlan {
  readonly name: string;
  readonly modules: readonly ConformanceModule[];
}

/**
 * Runs a module, and fails where it did not come to what is expected.
 *
 * @param report gets what it came to, in the words of the table, whether or not that is right
 */
export async function runModule(module: ConformanceModule, report: (got: string) => void): Promise<void> {
  const { expected, lies = {} } = module;
  const deeds = module.deeds ?? (typeof expected === 'string' ? [signIn, userInfo] : [signIn]);
  const attack = await startAttack({}, module.options);
  attack.lying.lies = typeof lies === 'function' ? lies(attack.lying) : lies;
  report('did not come to its end');
  let result: unknown;
  for (const deed of typeof expected === 'string' ? deeds : deeds.slice(0, -1)) {
    const { error, value } = await attack.attempt(deed);
    if (error !== null) report(inWords({ code: error.code, reason: reasonOf(error) }));
    expect(error).toBeNull();
    result = value;
  }
  if (typeof expected === 'string') {
    await module.also?.(attack, result);
    report(expected === 'accepted' ? expected : String(result));
    return;
  }
  const attempt = await attack.attempt(deeds.at(-1) ?? signIn);
  const { error } = attempt;
  report(error === null ? 'accepted' : inWords({ code: error.code, reason: reasonOf(error) }));
  attack.expectRefused(attempt, expected);
}

/** A refusal in the words of the table. */
export function inWords({ code, reason }: { readonly code: string; readonly reason?: unknown }): string {
  return `refused: ${code}${reason === undefined ? '' : ` (${reason})`}`;
}
