import { scriptLines } from '../completion/script-lines.js';
import { completionShells } from '../completion/shells.js';
import { answerShell } from './answer-shell.js';
import { helpText } from './help-layout.js';
import { programPage } from './program-page.js';
import { StandardStream } from './standard-stream.js';
import { textOutput } from './terminal.js';

/**
 * Answers what needs nothing of this program but a text of its own: its help, the script of a shell, and what a word may
 * become in one. It is in a file with all that it needs, and nothing of it is shared with the rest.
 *
 * @param argv the arguments after the program's name
 * @returns what could not be taken of the answer; `null` for another command line, of which nothing was said
 */
export async function quickAnswer(argv: readonly string[]): Promise<readonly NodeJS.ErrnoException[] | null> {
  const stream = new StandardStream('stdout', true);
  const stdout = textOutput(stream, process.env);
  const [first = '--help', second = '', ...more] = argv;
  if (['--help', '-h', 'help'].includes(first) && argv.length <= 1) {
    stdout.write(helpText(programPage, stdout).replace(/\n$/, '').split('\n'));
  } else if (first === 'completion' && second === '--complete') {
    if (!answerShell(argv, process.env, stdout)) return null;
  } else {
    const shell = completionShells.find((name) => name === second);
    if (first !== 'completion' || shell === undefined || more.length > 0) return null;
    stdout.write(scriptLines(shell));
  }
  return stream.settled();
}
