/** What a person did at the terminal. */
export type Typed =
  /** One key: a sign, or the name of what is none. */
  | { readonly key: string }
  /** Several signs at once, which nobody types: pasted, without its line breaks. */
  | { readonly pasted: string };

/** Asks the terminal to say where a paste begins and ends (bracketed paste). */
export const bracketsOn = '\u001b[?2004h';
/** And to leave that. */
export const bracketsOff = '\u001b[?2004l';

const escapeSign = '\u001b';
const begin = '\u001b[200~';
const end = '\u001b[201~';

/** More than any address has: what goes on is dropped. */
const longestPaste = 100_000;

const names: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u0003': 'ctrl-c',
  '\u001a': 'ctrl-z',
  '\u001c': 'ctrl-\\',
  '\u0015': 'ctrl-u',
  '\u007f': 'backspace',
  '\b': 'backspace',
};

/** Reads what a terminal in raw mode sends. */
export class TerminalInput {
  /** A paste whose end has not come. */
  #paste: string | null = null;
  /** What may be the beginning of a sequence. */
  #rest = '';

  /** What came, in order. */
  read(chunk: string): Typed[] {
    // A lone escape is a key of its own, unless a sequence goes on.
    const isKey = this.#rest === escapeSign && this.#paste === null && !/^[[O]/.test(chunk);
    let text = isKey ? chunk : this.#rest + chunk;
    this.#rest = '';
    const found: Typed[] = [];
    while (text !== '') {
      if (this.#paste !== null) {
        const at = text.indexOf(end);
        const kept = at === -1 ? text.length - partOf(end, text) : at;
        if (this.#paste.length < longestPaste) this.#paste += text.slice(0, kept);
        if (at === -1) {
          this.#rest = text.slice(kept);
          return found;
        }
        found.push({ pasted: withoutBreaks(this.#paste) });
        this.#paste = null;
        text = text.slice(at + end.length);
        continue;
      }
      const at = text.indexOf(begin);
      const before = at === -1 ? text.length - partOf(begin, text) : at;
      for (const typed of plain(text.slice(0, before))) found.push(typed);
      if (at === -1) {
        this.#rest = text.slice(before);
        return found;
      }
      this.#paste = '';
      text = text.slice(at + begin.length);
    }
    return found;
  }
}

/** How much of a text's end is the beginning of a sequence. */
function partOf(sequence: string, text: string): number {
  for (let length = Math.min(sequence.length - 1, text.length); length > 0; length -= 1)
    if (text.endsWith(sequence.slice(0, length))) return length;
  return 0;
}

/** Keys, or a paste of a terminal that does not say so. Arrows and the like are nothing. */
function plain(text: string): Typed[] {
  const shown = withoutSequences(text);
  const signs = [...shown];
  const ending = signs.length > 1 && /[\r\n]$/.test(shown);
  const isPaste = signs.length > 1 && signs.every((sign) => !(sign in names) || /[\r\n]/.test(sign));
  if (!isPaste || shown.trim() === '') return signs.map((sign) => ({ key: names[sign] ?? sign }));
  const pasted = withoutBreaks(shown);
  return [...(pasted === '' ? [] : [{ pasted }]), ...(ending ? [{ key: 'enter' }] : [])];
}

function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]/g, '');
}

/** Without what arrows and the like send: an escape, and what belongs to it (ECMA-48: CSI, SS3 and single ones). */
function withoutSequences(text: string): string {
  const [first = '', ...rest] = text.split(escapeSign);
  return first + rest.map((part) => part.replace(/^(?:\[[0-?]*[ -/]*[@-~]|O.|.)/s, '')).join('');
}
