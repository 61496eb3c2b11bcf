import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { built } from '../support/built.js';

const program = fileURLToPath(new URL('linear-readers.js', import.meta.url));

/** Some hundred megabytes are read in seconds; what grows with the square of one takes hours. */
const patience = 50_000;

function names(): string[] {
  built('errors.js');
  return spawnSync(process.execPath, [program], { encoding: 'utf8' }).stdout.trim().split('\n');
}

function read(name: string): Promise<{ readonly last: string; readonly errors: string }> {
  const child = spawn(process.execPath, [program, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve) => {
    child.on('close', () => resolve({ last: output.trim().split('\n').at(-1) ?? '', errors }));
  });
}

describe('a megabyte of text from outside, of whatever is hard to read, is read to its end:', () => {
  it.each(names())('%s', async (name) => {
    expect(await read(name)).toEqual({ last: 'read', errors: '' });
  });
});
