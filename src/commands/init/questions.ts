import { LogtoError } from '../../errors.js';
import { unwrapped } from '../../profile/pasted-text.js';
import type { CommandContext } from '../../session/command-context.js';

/**
 * Asks on the terminal until something was answered; quotes alone are nothing.
 *
 * @param question without what ends it
 * @param fallback what Enter means; it is shown
 * @throws LogtoError `usage_invalid` when the input ended
 */
export async function askText(
  { runtime, output }: CommandContext,
  question: string,
  fallback?: string,
): Promise<string> {
  for (;;) {
    const shown = fallback === undefined ? '' : ` [${fallback}]`;
    const answer = await runtime.stdin.ask(`${question}${shown}: `);
    if (answer === null) throw inputEnded();
    const text = answer.trim();
    if (unwrapped(text).value !== '') return text;
    if (fallback !== undefined) return fallback;
    output.note('There is no default for this one. Ctrl-C ends it, and nothing is kept.');
  }
}

/**
 * Asks whether to do something, which Enter means as well, until the answer is yes or no: what was typed for another
 * question consents to nothing.
 *
 * @throws LogtoError `usage_invalid` when the input ended
 */
export async function askYes({ runtime, output }: CommandContext, question: string): Promise<boolean> {
  for (;;) {
    const answer = await runtime.stdin.ask(`${question} [Y/n] `);
    if (answer === null) throw inputEnded();
    const text = answer.trim();
    if (/^(?:y|yes)?$/i.test(text)) return true;
    if (/^no?$/i.test(text)) return false;
    output.note('Type y or n. Enter means y.');
  }
}

/**
 * Asks for a secret, unseen.
 *
 * @returns `null` for a mere Enter
 * @throws LogtoError `usage_invalid` when the input ended
 */
export async function askHidden({ runtime }: CommandContext, question: string): Promise<string | null> {
  const answer = await runtime.stdin.ask(question, { hidden: true });
  if (answer === null) throw inputEnded();
  return answer.trim() === '' ? null : answer;
}

function inputEnded(): LogtoError {
  return new LogtoError(
    'usage_invalid',
    'The input ended before every question was answered. Nothing was kept.',
    'Answer at a terminal, or give the answers as flags: see logto-cli init --help',
  );
}
