import type { ReadStream, WriteStream } from 'node:tty';
import { isLogRead } from '../output/log-commands.js';
import { hasUnicodeMarks } from '../output/marks.js';
import type { TextOutput } from '../output/text-output.js';
import { TextWriter } from '../output/text-writer.js';
import { linesFor } from '../output/wrap-words.js';
import { textOf } from '../read-text.js';
import type { TextInput } from '../runtime.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An output stream of the process. Colours follow `NO_COLOR` and `FORCE_COLOR`, else the terminal; marks beyond ASCII
 * follow the locale.
 */
export function textOutput(
  stream: Pick<WriteStream, 'isTTY'> & {
    readonly columns?: number | undefined;
    write(text: string): unknown;
  },
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): TextOutput {
  return new TextWriter((text) => void stream.write(text), {
    isTerminal: stream.isTTY === true,
    hasColors: wantsColors(stream.isTTY === true, environment),
    hasLinks: stream.isTTY === true && showsLinks(environment),
    // It changes with the window.
    get columns() {
      return stream.columns || 80;
    },
    hasMarks: hasUnicodeMarks(environment, platform),
    isLogRead: isLogRead(environment),
  });
}

function wantsColors(isTerminal: boolean, environment: Environment): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** Whether a terminal is one of those that are known to show links (OSC 8); `FORCE_HYPERLINK` says it otherwise. */
function showsLinks(environment: Environment): boolean {
  const {
    FORCE_HYPERLINK: forced,
    TERM: term = '',
    TERM_PROGRAM: program = '',
    VTE_VERSION: vte,
  } = environment;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment['CI'] || term === 'dumb') return false;
  return (
    Number(vte ?? 0) >= 5000 ||
    Boolean(environment['WT_SESSION'] ?? environment['KONSOLE_VERSION'] ?? environment['DOMTERM']) ||
    ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'Tabby', 'rio'].includes(program) ||
    /^(xterm-kitty|xterm-ghostty|alacritty|foot|contour)/.test(term)
  );
}

/**
 * The input stream of the process; questions go to `prompt`, in lines that fit.
 *
 * @param shown the same stream as `prompt`, for text
 */
export function terminalInput(
  stream: ReadStream,
  prompt: WriteStream,
  shown: TextOutput = textOutput(prompt, process.env),
): TextInput {
  return {
    isTerminal: stream.isTTY === true,
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return textOf(Buffer.concat(chunks)).replace(/\n$/, '');
    },
    async *lines(signal) {
      const { linesOf } = await import('./terminal-keys.js');
      yield* linesOf(stream, signal);
    },
    keys(listener, signal) {
      void import('./terminal-keys.js').then(({ takeKeys }) => takeKeys(stream, prompt, listener, signal));
    },
    async ask(question, options = {}) {
      const [{ createInterface }, { Writable }] = await Promise.all([
        import('node:readline'),
        import('node:stream'),
      ]);
      const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
      // Raw before it asks: whoever is quick with a secret would see it shown.
      const lines = createInterface({
        input: stream,
        output: options.hidden ? unseen : prompt,
        terminal: true,
      });
      shown.write(linesFor(shown, question), { isOpen: true });
      return new Promise((resolve) => {
        let answer: string | null = null;
        let interrupted = false;
        lines.once('line', (line) => {
          answer = line;
          lines.close();
        });
        // In raw mode Ctrl-C is a key: make it the signal that it is everywhere else.
        lines.once('SIGINT', () => {
          interrupted = true;
          lines.close();
          process.kill(process.pid, 'SIGINT');
        });
        lines.once('close', () => {
          if (options.hidden || answer === null) prompt.write('\n');
          // The signal needs a moment to arrive, and must not come second to an answer that is missing.
          if (interrupted) setTimeout(resolve, 1000, null);
          else resolve(answer);
        });
      });
    },
  };
}
