import { LogtoError } from '../errors.js';
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
  /** Whether it shows marks beyond ASCII. */
  readonly hasMarks: boolean;
  /** Whether a program may look for commands there: see `isLogRead`. */
  readonly isLogRead: boolean;
}

/** The writer of the program's output: everything on it comes through here, at the last moment. */
export class TextWriter implements TextOutput {
  readonly paint: Paint;
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  readonly hasMarks: boolean;
  readonly columns: number;
  readonly #put: (text: string) => void;
  readonly #place: WriterPlace;
  readonly #key: string | null;

  /** @param put takes what is to be written */
  constructor(put: (text: string) => void, place: WriterPlace) {
    this.#put = put;
    this.#place = place;
    // Nobody who learns what it was can still use it.
    this.#key = place.hasColors ? Math.random().toFixed(16).slice(2) : null;
    this.paint = paintWith(this.#key);
    this.isTerminal = place.isTerminal;
    this.hasColors = place.hasColors;
    this.hasMarks = place.hasMarks;
    this.columns = place.columns;
  }

  write(lines: readonly string[], { limit = lineLimit, isOpen = false }: LineOptions = {}): void {
    const text = lines.map((line) => this.#line(line, limit)).join('\n');
    if (lines.length > 0) this.#put(isOpen ? text : `${text}\n`);
  }

  redraw(line: string): void {
    this.#put(`\r\u001b[2K${this.#line(line, this.columns)}`);
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
