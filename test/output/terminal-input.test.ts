import { describe, expect, it } from 'vitest';
import { TerminalInput } from '../../src/output/terminal-input.js';

const esc = '\u001b';
const begin = `${esc}[200~`;
const end = `${esc}[201~`;
const read = (...chunks: readonly string[]) => {
  const input = new TerminalInput();
  return chunks.flatMap((chunk) => input.read(chunk));
};

describe('what a terminal sends', () => {
  it('are keys, one by one', () => {
    expect(read('c', '\r', '\u0003', '\u001a', '\u007f', 'é')).toEqual(
      ['c', 'enter', 'ctrl-c', 'ctrl-z', 'backspace', 'é'].map((key) => ({ key })),
    );
  });

  it('is a paste between its brackets, whatever is in it', () => {
    expect(read(`${begin}q${end}`)).toEqual([{ pasted: 'q' }]);
    expect(read(`${begin}a\r\nb\u0003${end}\r`)).toEqual([{ pasted: 'ab\u0003' }, { key: 'enter' }]);
  });

  it('may come in pieces, cut anywhere', () => {
    const whole = `c${begin}http://localhost/?a=b${end}q`;
    for (let at = 2; at < whole.length; at += 1) {
      expect(read(whole.slice(0, at), whole.slice(at)), String(at)).toEqual([
        { key: 'c' },
        { pasted: 'http://localhost/?a=b' },
        { key: 'q' },
      ]);
    }
  });

  it('is a paste without brackets where many signs come at once, its lines joined', () => {
    expect(read('http://localhost/\r\n?code=c')).toEqual([{ pasted: 'http://localhost/?code=c' }]);
    expect(read('code=c&state=s\r')).toEqual([{ pasted: 'code=c&state=s' }, { key: 'enter' }]);
  });

  it('is nothing for arrows, function keys and the mouse', () => {
    expect(read(`${esc}[A`, `${esc}OP`, `${esc}[15~`, `${esc}[<0;10;20M`, esc)).toEqual([]);
  });

  it('interrupts in the middle of keys', () => {
    expect(read('ab\u0003')).toContainEqual({ key: 'ctrl-c' });
  });

  it('is kept up to a limit', () => {
    const [typed] = read(begin, ...Array.from({ length: 300 }, () => 'x'.repeat(1000)), end);
    expect('pasted' in (typed ?? {}) && (typed as { pasted: string }).pasted.length).toBeLessThan(110_000);
  });
});
