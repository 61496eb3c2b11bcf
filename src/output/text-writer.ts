import { LogtoError } from '../errors.js';
import { fitting } from './columns-of.js';
import { type Annotation, workflowCommand } from './github-actions.js';
import { documentWithoutCommands, withoutCommands } from './log-commands.js';
import { asciiMarks } from './marks.js';
import { type Paint, paintWith, withEscapes } from './paint.js';
import { escaped, lineLimit, plainJson, plainText } from './plain-text.js';
import type { LineOptions, TextOutput } from './text-output.js';

/** What is known of the place that a {@link TextWriter} writes to. */
export interface WriterPlace {
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  readonly columns: number;
  /** Whether it is known to show links (OSC 8). Default: not. */
  readonly hasLinks?: boolean;
  /** Whether it shows marks beyond ASCII. */
  readonly hasMarks: boolean;
  /** Whether a program may look for commands there: see `isLogRead`. */
  readonly isLogRead: boolean;
}

/** Takes back the line that has not ended. */
const erase = '\r\u001b[2K';

/** The writer of the program's output: everything on it comes through here, at the last moment. */
export class TextWriter implements TextOutput {
  readonly paint: Paint;
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  readonly hasMarks: boolean;
  readonly #put: (text: string) => void;
  readonly #place: WriterPlace;
  readonly #key: string | null;
  #status = '';

  /** @param put takes what is to be written */
  constructor(put: (text: string) => void, place: WriterPlace) {
    this.#put = put;
    this.#place = place;
    // Nobody who learns what it was can still use it.
    const { hasColors, hasLinks = false } = place;
    this.#key = hasColors || hasLinks ? Math.random().toFixed(16).slice(2) : null;
    this.paint = paintWith(this.#key, { hasColors, hasLinks });
    this.isTerminal = place.isTerminal;
    this.hasColors = place.hasColors;
    this.hasMarks = place.hasMarks;
  }

  get columns(): number {
    return this.#place.columns;
  }

  write(lines: readonly string[], { limit = lineLimit, isOpen = false }: LineOptions = {}): void {
    const text = lines.map((line) => this.#line(line, limit)).join('\n');
    if (lines.length > 0) this.#say(isOpen ? text : `${text}\n`);
  }

  status(line: string | null): void {
    // One sign less: some terminals go to the next line with the last.
    const shown = line === null ? '' : this.#line(fitting(line, this.columns - 1), lineLimit);
    if (line !== null || this.#status !== '') this.#put(`${erase}${shown}`);
    this.#status = shown;
  }

  copy(text: string): void {
    const encoded = Buffer.from(text, 'utf8').toString('base64');
    this.#say(`\u001b]52;c;${encoded}\u0007`);
  }

  /** Above the status, which stays below everything. */
  #say(text: string): void {
    this.#put(this.#status === '' ? text : `${erase}${text}${this.#status}`);
  }

  redraw(line: string): void {
    this.#put(`${erase}${this.#line(line, this.columns)}`);
  }

  writeJson(value: unknown, indent?: number): void {
    const json = plainJson(value, indent);
    this.#put(`${this.#place.isLogRead ? documentWithoutCommands(json, escaped) : json}\n`);
  }

  writeValue(value: string): void {
    if (plainText(value, Number.POSITIVE_INFINITY) !== value) throw unprintable('a control character');
    if (this.#safe(value) !== value) throw unprintable("what a reader of this job's log takes for a command");
    this.#put(`${value}\n`);
  }

  annotate(annotation: Annotation): void {
    const { title, message, file } = annotation;
    const command = {
      ...annotation,
      title: this.#safe(title),
      message: this.#safe(message),
      ...(file !== undefined && { file: this.#safe(file) }),
    };
    this.#put(`${workflowCommand(command)}\n`);
  }

  #line(line: string, limit: number): string {
    const plain = plainText(line, limit);
    const shown = this.#safe(this.#place.hasMarks ? plain : asciiMarks(plain));
    return withEscapes(shown, this.#key);
  }

  #safe(line: string): string {
    return this.#place.isLogRead ? withoutCommands(line) : line;
  }
}

function unprintable(what: string): LogtoError {
  return new LogtoError(
    'token_response_invalid',
    `The token has ${what} in it, as no bearer token may (RFC 6750, section 2.1): it was not printed.`,
    'Take it from the field of --json, where that is escaped, or hand it over unprinted with: logto-cli exec -- <command>',
  );
}
