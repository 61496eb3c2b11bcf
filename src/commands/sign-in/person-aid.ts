import type { CommandContext } from '../../session/command-context.js';
import type { SignInRequest } from './sign-in-to-profile.js';

/** The flags that decide it. */
export interface AidFlags {
  readonly callbackStdin?: boolean;
  readonly headless?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-input`. */
  readonly input?: boolean;
}

/** How a person may bring the response by hand: with keys only where somebody sits at a terminal, and wants words. */
export function aidOf(
  { runtime }: CommandContext,
  { callbackStdin, headless, json, quiet, input }: AidFlags,
): Pick<SignInRequest, 'aid'> {
  if (headless) return {};
  const { stderr, environment } = runtime;
  const isAsked = json !== true && quiet !== true && input !== false;
  const isPerson = !environment['CI'] && environment['TERM'] !== 'dumb';
  if (isAsked && isPerson && stderr.isTerminal && runtime.stdin.isTerminal) return { aid: 'keys' };
  if (!callbackStdin) return {};
  return { aid: runtime.stdin.isTerminal ? 'paste' : 'stdin' };
}
