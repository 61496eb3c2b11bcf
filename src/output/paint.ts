import type { TextOutput } from '../runtime.js';

/** A few words in colour or weight, where the terminal wants that. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** The paint for one output: plain text where colours are not wanted. */
export function paintFor(output: Pick<TextOutput, 'hasColors'>): Paint {
  const sgr = (open: number, close: number) => (text: string) =>
    output.hasColors ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), green: sgr(32, 39), yellow: sgr(33, 39) };
}
