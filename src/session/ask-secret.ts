import type { Runtime } from '../runtime.js';

/** How often somebody is asked who presses Enter and has typed nothing: what is hidden is easily thought to be typed. */
const attempts = 3;

/** Asks for a secret, which is not shown; `null` when the input ended, empty when nothing was typed in any attempt. */
export async function askSecret(
  { stdin, stderr }: Pick<Runtime, 'stdin' | 'stderr'>,
  question: string,
): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await stdin.ask(question, { hidden: true });
    if (answer === null || answer.trim() !== '') return answer;
    stderr.write(['Nothing was typed.']);
    if (attempt === attempts) return '';
  }
}
