/** A few words in colour or weight, where the terminal wants that. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  /** Black on white, whatever the terminal's own colours are. */
  onPaper(text: string): string;
  /** On black. */
  onInk(text: string): string;
}

/**
 * Paint for the output that has this key; `null` is none: text stays as it is.
 *
 * It leaves marks in the text, of characters that mean nothing (Unicode's noncharacters), which only that output turns
 * into what a terminal obeys. Text from outside does not know the key, so that it paints nothing.
 *
 * @param key digits
 */
export function paintWith(key: string | null): Paint {
  const around = (open: number, close: number) => (text: string) =>
    key === null ? text : `\ufdd0${key};${open}\ufdd1${text}\ufdd0${key};${close}\ufdd1`;
  return {
    bold: around(1, 22),
    dim: around(2, 22),
    red: around(31, 39),
    green: around(32, 39),
    yellow: around(33, 39),
    onPaper: (text) => around(30, 39)(around(47, 49)(text)),
    onInk: around(40, 49),
  };
}

/** A painted text as a person sees it. */
export function withoutPaint(text: string): string {
  return text.includes('\ufdd0') ? text.replace(/\ufdd0\d+;\d{1,2}\ufdd1/g, '') : text;
}

/** The text with the paint of this key as escape sequences (ECMA-48, SGR). */
export function withEscapes(text: string, key: string | null): string {
  return text.replace(/\ufdd0(\d+);(\d{1,2})\ufdd1/g, (mark, its, code) =>
    its === key ? `\u001b[${code}m` : mark,
  );
}
