import type { Runtime } from '../runtime.js';

/** Whether somebody sits there who can be asked: at a terminal, not in CI, and not where `--no-input` says otherwise. */
export function mayAsk(
  { stdin, stderr, environment }: Pick<Runtime, 'stdin' | 'stderr' | 'environment'>,
  { input }: { readonly input?: boolean },
): boolean {
  return input !== false && !environment['CI'] && stdin.isTerminal && stderr.isTerminal;
}
