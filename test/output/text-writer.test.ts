import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paintWith } from '../../src/output/paint.js';
import { obeyed, outsideText } from '../fuzz/outside.js';
import { fuzz } from '../fuzz/seed.js';
import { commandsInLog, logCommands } from '../support/log-reader.js';
import { Recorder } from '../support/test-runtime.js';

fuzz();

/** What comes of lines on a place of this kind. */
function written(lines: readonly string[], place: ConstructorParameters<typeof Recorder>[1] = {}): string {
  const output = new Recorder(false, place);
  output.write(lines);
  return output.text;
}

describe('a line for people', () => {
  it('is one line, in which nothing is obeyed', () => {
    fc.assert(
      fc.property(fc.array(outsideText(), { minLength: 1, maxLength: 4 }), (lines) => {
        const text = written(lines, { hasColors: true });
        expect(text.split('\n')).toHaveLength(lines.length + 1);
        expect(text.replaceAll('\n', '')).not.toMatch(obeyed);
      }),
    );
  });

  it('is painted by the paint of its output alone', () => {
    const output = new Recorder(true, { hasColors: true });
    const forged = `\u001b[31ma ${paintWith('1').red('b')} ${new Recorder(true, { hasColors: true }).paint.red('c')}`;
    output.write([`${output.paint.bold(`${output.paint.green('x')}y`)} ${forged}`]);
    const [own, rest = ''] = output.text.split(' ', 1).concat(output.text.slice(output.text.indexOf(' ')));
    expect(own).toBe('\u001b[1m\u001b[32mx\u001b[39my\u001b[22m');
    expect(rest).not.toContain('\u001b');
  });

  it('has no colours where they are not wanted', () => {
    const output = new Recorder();
    output.write([output.paint.red('a')]);
    expect(output.text).toBe('a\n');
  });

  it('is never longer than any line of ours, unless it is to be copied', () => {
    const long = 'x'.repeat(1_000_000);
    expect(written([long]).length).toBeLessThan(4100);
    const output = new Recorder();
    output.write([`${long}\u001b`], { limit: Number.POSITIVE_INFINITY });
    expect(output.text).toBe(`${long} \n`);
  });

  it('has marks in ASCII where the terminal may not know them', () => {
    expect(written(['✓ a → b'], { hasMarks: false })).toBe('+ a -> b\n');
  });

  it('may ask, and is not ended then', () => {
    const output = new Recorder(true);
    output.write(['Password of a\nb: '], { isOpen: true });
    expect(output.text).toBe('Password of a b: ');
  });

  it('that is redrawn is taken back first, and is as plain as others', () => {
    const output = new Recorder(true);
    output.redraw('a\n\u001b[2Jb');
    expect(output.text).toBe('\r\u001b[2Ka  [2Jb');
  });
});

describe('the status', () => {
  it('stands below everything, in its place, and leaves nothing', () => {
    const output = new Recorder(true, { columns: 20 });
    output.status('1:00 left');
    output.write(['a note']);
    output.status('0:59 left');
    output.status(null);
    output.status(null);
    const erase = '\r\u001b[2K';
    expect(output.text).toBe(`${erase}1:00 left${erase}a note\n1:00 left${erase}0:59 left${erase}`);
  });

  it('never reaches the last column, and is as plain as others', () => {
    const output = new Recorder(true, { columns: 10 });
    output.status('0123456789abc\u001b[2J');
    expect(output.text).toBe('\r\u001b[2K012345678');
  });
});

describe('what is handed to the terminal', () => {
  it('is a text for its clipboard, in which nothing is obeyed', () => {
    const output = new Recorder(true);
    output.copy('https://x.test/\u0007\u001b]0;owned');
    const [before, after] = ['\u001b]52;c;', '\u0007'];
    expect([output.text.startsWith(before), output.text.endsWith(after)]).toEqual([true, true]);
    const encoded = output.text.slice(before.length, -after.length);
    expect(encoded).toMatch(/^[\w+/=]*$/);
    expect(Buffer.from(encoded, 'base64').toString()).toBe('https://x.test/\u0007\u001b]0;owned');
  });

  it('is a link to an address of ours, where links are shown', () => {
    const output = new Recorder(true, { hasLinks: true });
    output.write([`open ${output.paint.link('http://localhost:3000/abc')} now`]);
    expect(output.text).toBe(
      'open \u001b]8;;http://localhost:3000/abc\u001b\\http://localhost:3000/abc\u001b]8;;\u001b\\ now\n',
    );
    expect(output.paint.red('x')).toBe('x');
    const without = new Recorder(true, { hasColors: true });
    without.write([without.paint.link('http://localhost:3000/abc')]);
    expect(without.text).toBe('http://localhost:3000/abc\n');
  });

  it('is no link that somebody else has made', () => {
    const output = new Recorder(true, { hasLinks: true });
    output.write([
      paintWith('1', { hasLinks: true }).link('http://evil.test/'),
      output.paint.link('a b\u001b'),
    ]);
    expect(output.text).not.toContain(']8;;');
  });
});

describe('a line of a log that is read', () => {
  it.each(logCommands)('is no command: %s', (command) => {
    const lines = [command, `  ${command}`, `a\n${command}`, `\r${command}`];
    expect(commandsInLog(written(lines))).not.toEqual([]);
    expect(commandsInLog(written(lines, { isLogRead: true }))).toEqual([]);
  });

  it('is one where we write it, and none in it', () => {
    const output = new Recorder(false, { isLogRead: true });
    for (const command of logCommands) {
      output.annotate({ level: 'warning', title: command, message: `a\n${command}` });
    }
    expect(commandsInLog(output.text)).toEqual(output.lines);
    for (const line of output.lines) {
      expect(line).toMatch(/^::warning title=[^:]*::a /);
      expect(line).not.toContain('##');
    }
  });

  it('is JSON of the same value', () => {
    const output = new Recorder(false, { isLogRead: true });
    const value = { text: logCommands.join(' '), '##[error]a': ['\u0085##vso[a.b]c'] };
    for (const indent of [undefined, 2]) {
      output.clear();
      output.writeJson(value, indent);
      expect(commandsInLog(output.text)).toEqual([]);
      expect(output.text).not.toContain('\u0085');
      expect(JSON.parse(output.text)).toEqual(value);
    }
  });
});

describe('a value that a program takes', () => {
  it('is written as it is, however long', () => {
    const output = new Recorder(false, { isLogRead: true, hasMarks: false });
    const value = `eyJ.${'x'.repeat(100_000)}~a|b:: #`;
    output.writeValue(value);
    expect(output.text).toBe(`${value}\n`);
  });

  it.each(logCommands)('is refused rather than altered where a log is read: %s', (value) => {
    const output = new Recorder(false, { isLogRead: true });
    expect(() => output.writeValue(value)).toThrow(
      expect.objectContaining({
        code: 'token_response_invalid',
        hint: expect.stringMatching(/--json.* exec /),
      }),
    );
    expect(output.text).toBe('');
    const elsewhere = new Recorder();
    elsewhere.writeValue(value);
    expect(elsewhere.text).toBe(`${value}\n`);
  });

  it.each(['a\nb', 'a\u001b[2J', 'a\u202eb'])('is refused where a terminal would obey it: %j', (value) => {
    const output = new Recorder();
    expect(() => output.writeValue(value)).toThrow(
      expect.objectContaining({ code: 'token_response_invalid' }),
    );
    expect(output.text).toBe('');
  });
});
