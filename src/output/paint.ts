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
  /** An address of ASCII as a link to itself, where the terminal is known to show links. */
  link(url: string): string;
}

/** What paint is wanted. */
export interface PaintWishes {
  /** Default: yes. */
  readonly hasColors?: boolean;
  /** Default: no. */
  readonly hasLinks?: boolean;
}

/**
 * Paint for the output that has this key; `null` is none: text stays as it is.
 *
 * It leaves marks in the text, of characters that mean nothing (Unicode's noncharacters), which only that output turns
 * into what a terminal obeys. Text from outside does not know the key, so that it paints nothing.
 *
 * @param key digits
 */
export function paintWith(
  key: string | null,
  { hasColors = true, hasLinks = false }: PaintWishes = {},
): Paint {
  const marked = (isWanted: boolean, open: number, close: number) => (text: string) =>
    key === null || !isWanted ? text : `\ufdd0${key};${open}\ufdd1${text}\ufdd0${key};${close}\ufdd1`;
  const around = (open: number, close: number) => marked(hasColors, open, close);
  return {
    bold: around(1, 22),
    dim: around(2, 22),
    red: around(31, 39),
    green: around(32, 39),
    yellow: around(33, 39),
    onPaper: (text) => around(30, 39)(around(47, 49)(text)),
    onInk: around(40, 49),
    link: marked(hasLinks, ...linkCodes),
  };
}

/** Stand for a link, and are no colours. */
const linkCodes = [98, 99] as const;

/** A painted text as a person sees it. */
export function withoutPaint(text: string): string {
  return text.includes('\ufdd0') ? text.replace(/\ufdd0\d+;\d{1,2}\ufdd1/g, '') : text;
}

/** The text with the paint of this key as escape sequences (ECMA-48, SGR; links: OSC 8). */
export function withEscapes(text: string, key: string | null): string {
  if (!text.includes('\ufdd0')) return text;
  const linked = text.replace(
    /\ufdd0(\d+);98\ufdd1([!-~]{1,500})\ufdd0\1;99\ufdd1/g,
    (mark, its: string, url: string) =>
      its === key ? `\u001b]8;;${url}\u001b\\${url}\u001b]8;;\u001b\\` : mark,
  );
  return linked.replace(/\ufdd0(\d+);(\d{1,2})\ufdd1/g, (mark, its, code) =>
    its === key ? `\u001b[${code}m` : mark,
  );
}
