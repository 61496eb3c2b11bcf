import type { Annotation } from './github-actions.js';
import type { Paint } from './paint.js';

/** How lines are written. */
export interface LineOptions {
  /** Characters of a line; what is longer is shortened. Default: 4000, as no line of ours is. */
  readonly limit?: number;
  /** Whether more is to come on the last one: it asks something. */
  readonly isOpen?: boolean;
}

/**
 * Where text for people or programs goes, and the one gate for text from outside: nothing in it is obeyed, by a terminal
 * or by a reader of logs, whoever hands it over and whatever stands around it.
 */
export interface TextOutput {
  /**
   * Lines for people. Each stays one line, without controls; only {@link paint} colours it. Marks become ASCII where the
   * terminal may not know them.
   */
  write(lines: readonly string[], options?: LineOptions): void;
  /** Puts this in the place of the line that has not ended. A terminal's only. */
  redraw(line: string): void;
  /**
   * Shows this below everything that is written, in the place of the one before; `null` ends that. A terminal's only; a line
   * that asks must not stand there meanwhile.
   */
  status(line: string | null): void;
  /** Hands a text to the terminal, for its clipboard (OSC 52): many take it, and none says whether it did. */
  copy(text: string): void;
  /** A JSON document of that value; without `indent` on one line. */
  writeJson(value: unknown, indent?: number): void;
  /**
   * A line that a program takes as it is, such as a token.
   *
   * @throws LogtoError `token_response_invalid` for what would be obeyed: to alter it would be untrue
   */
  writeValue(value: string): void;
  /** A remark for GitHub: the one command of a log that we write. */
  annotate(annotation: Annotation): void;
  /** Colours and weights for lines of this output. */
  readonly paint: Paint;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted (terminal, `NO_COLOR`, `FORCE_COLOR`). */
  readonly hasColors: boolean;
  /** Whether it shows marks beyond ASCII. */
  readonly hasMarks: boolean;
  /** How many characters fit on a line; 80 where nobody knows. */
  readonly columns: number;
}
