import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { terminalInput, textOutput } from '../../src/cli/terminal.js';
import { writtenBy } from '../support/text-encodings.js';

const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 }) as unknown as WriteStream;
const pipe = new PassThrough() as unknown as WriteStream;

describe('an output', () => {
  it('knows whether a person looks at it, and how wide it is', () => {
    expect(textOutput(terminal, {})).toMatchObject({ isTerminal: true, columns: 120 });
    expect(textOutput(pipe, {})).toMatchObject({ isTerminal: false, columns: 80 });
  });

  it.each<[boolean, boolean, Record<string, string>]>([
    [true, true, {}],
    [false, false, {}],
    [false, true, { NO_COLOR: '1' }],
    [true, true, { NO_COLOR: '' }],
    [false, true, { NO_COLOR: '1', FORCE_COLOR: '1' }],
    [true, false, { FORCE_COLOR: '1' }],
    [false, true, { FORCE_COLOR: '0' }],
    [false, true, { TERM: 'dumb' }],
  ])('has colours: %s (on a terminal: %s) with %j', (hasColors, isTerminal, environment) => {
    expect(textOutput(isTerminal ? terminal : pipe, environment).hasColors).toBe(hasColors);
  });
});

describe('an input', () => {
  const inputOf = (...chunks: (string | Buffer)[]) => {
    const stream = new PassThrough();
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    return terminalInput(stream as unknown as ReadStream, pipe);
  };

  it('is read to its end, without its last line break and nothing else', async () => {
    expect(await inputOf('secret\n').readAll()).toBe('secret');
    expect(await inputOf('secret\r\n').readAll()).toBe('secret');
    expect(await inputOf(' secret \n\n').readAll()).toBe(' secret \n');
    expect(await inputOf().readAll()).toBe('');
  });

  it.each(Object.entries(writtenBy))('is the same when it was written as %s', async (_, write) => {
    expect(await inputOf(write('gehéim\n')).readAll()).toBe('gehéim');
  });

  it('puts characters together that came in pieces', async () => {
    const bytes = Buffer.from('geheimnis-ü-李');
    expect(await inputOf(...[...bytes].map((byte) => Buffer.from([byte]))).readAll()).toBe('geheimnis-ü-李');
  });

  it('answers one question with one line, and null when it has ended', async () => {
    expect(await inputOf('yes\nno\n').ask('Well? ')).toBe('yes');
    expect(await inputOf().ask('Well? ')).toBeNull();
  });

  it('does not echo a hidden answer', async () => {
    const stream = new PassThrough();
    stream.end('hunter2\n');
    const shown = new PassThrough();
    const input = terminalInput(stream as unknown as ReadStream, shown as unknown as WriteStream);
    expect(await input.ask('Secret: ', { hidden: true })).toBe('hunter2');
    const text = String(shown.read() ?? '');
    expect(text).toContain('Secret: ');
    expect(text).not.toContain('hunter2');
  });
});
