import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CompiledProgram } from '../../src/cli/compiled-program.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const require = createRequire(import.meta.url);

/** What the program is when a test begins: two files, and a function that is compiled when somebody calls it. */
const files = {
  'main.cjs':
    "const { sum } = require('./part/sum.cjs'); exports.answer = () => sum(1, 2); exports.where = __filename;",
  'part/sum.cjs': "exports.sum = (a, b) => require('node:util').inspect(a + b);",
  'other.cjs': "exports.answer = () => 'other';",
};

interface Main {
  answer(): string;
  where: string;
}

let directory: string;
let cache: string;

beforeEach(async () => {
  const place = await temporaryDirectory();
  [directory, cache] = [join(place, 'program'), join(place, 'cache')];
  mkdirSync(join(directory, 'part'), { recursive: true });
  mkdirSync(cache);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
});

function programOf(command = 'whoami'): CompiledProgram {
  return new CompiledProgram(directory, require, cache, command);
}

/** A whole run: what it answers, and what it leaves behind. */
function run(exitCode = 0, names: readonly string[] = ['main.cjs'], command = 'whoami'): readonly string[] {
  const program = programOf(command);
  const answers = names.map((name) => (program.load(name) as Main).answer());
  program.leave(exitCode);
  return answers;
}

function kept(): string {
  const names = readdirSync(cache);
  expect(names).toHaveLength(1);
  return join(cache, names[0] ?? '');
}

/** Changes with every time that the file is written. */
const writing = () => statSync(kept()).ino;

/** Keeps the number of a file from being used again. */
function hold(): void {
  writeFileSync(join(directory, `held-${readdirSync(directory).length}`), '');
}

describe('a program with compiled code', () => {
  it('runs its files as Node does, those of one another and Node’s own', () => {
    const main = programOf().load('main.cjs') as Main;
    expect(main.answer()).toBe('3');
    expect(main.where).toBe(join(directory, 'main.cjs'));
  });

  it('loads a file once', () => {
    const program = programOf();
    expect(program.load('main.cjs')).toBe(program.load('main.cjs'));
  });

  it('leaves its code for the next run, which finds nothing to add', () => {
    expect(run()).toEqual(['3']);
    const first = writing();
    hold();
    expect(run()).toEqual(['3']);
    expect(writing()).toBe(first);
  });

  it('keeps the functions that have been called, which Node’s own cache does not', () => {
    const body = Array.from({ length: 500 }, (_, index) => `a + ${index}`).join(', ');
    writeFileSync(join(directory, 'main.cjs'), `exports.answer = () => { const a = 1; return [${body}]; };`);
    const program = programOf();
    program.load('main.cjs');
    program.leave(0);
    const uncalled = statSync(kept()).size;
    hold();
    expect(run(0, ['main.cjs', 'other.cjs'])).toHaveLength(2);
    expect(statSync(kept()).size).toBeGreaterThan(uncalled + 5_000);
  });

  it('is closed to others', () => {
    run();
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
  });

  it('runs what a file says now, and keeps that', () => {
    run();
    const first = writing();
    hold();
    // Of the same length, which is all that V8 compares.
    writeFileSync(join(directory, 'part/sum.cjs'), files['part/sum.cjs'].replace('a + b', 'a - b'));
    expect(run()).toEqual(['-1']);
    expect(writing()).not.toBe(first);
    expect(run()).toEqual(['-1']);
  });

  it('knows a file of the same length and time', () => {
    const path = join(directory, 'part/sum.cjs');
    utimesSync(path, 500_000_000, 500_000_000);
    run();
    writeFileSync(path, files['part/sum.cjs'].replace('a + b', 'a * b'));
    utimesSync(path, 500_000_000, 500_000_000);
    expect(run()).toEqual(['2']);
  });

  it('adds what another run of the command needs beside it, and forgets nothing', () => {
    run(0, ['main.cjs']);
    run(0, ['other.cjs']);
    const both = readFileSync(kept());
    run(0, ['main.cjs']);
    expect(readFileSync(kept()).equals(both)).toBe(true);
    run(0, ['other.cjs', 'main.cjs']);
    expect(readFileSync(kept()).equals(both)).toBe(true);
  });

  it('keeps what a run that succeeded has left rather than that of one that failed', () => {
    run(3);
    const failed = writing();
    hold();
    run(3);
    expect(writing()).toBe(failed);
    run(0);
    const succeeded = writing();
    expect(succeeded).not.toBe(failed);
    hold();
    run(3);
    run(0);
    expect(writing()).toBe(succeeded);
    // It is no worse for what a failed run has added.
    run(3, ['other.cjs']);
    const more = writing();
    expect(more).not.toBe(succeeded);
    hold();
    run(0);
    expect(writing()).toBe(more);
  });

  it('leaves nothing of a command line that was refused', () => {
    expect(run(2)).toEqual(['3']);
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each(['../whoami', 'who/ami', 'who\0ami', 'a b', 'x'.repeat(5_000)])(
    'keeps nothing under a name that is none: %j',
    (command) => {
      expect(run(0, ['main.cjs'], command)).toEqual(['3']);
      expect(readdirSync(join(cache, '..')).toSorted()).toEqual(['cache', 'program']);
      expect(readdirSync(cache)).toEqual([]);
    },
  );

  it('runs without a place for its code, and where that is not to be had', async () => {
    for (const place of [null, join(cache, 'nowhere'), '/dev/null']) {
      const program = new CompiledProgram(directory, require, place, 'whoami');
      expect((program.load('main.cjs') as Main).answer()).toBe('3');
      program.leave(0);
    }
    expect(readdirSync(cache)).toEqual([]);
  });

  it('does not let what old installations have left pile up', () => {
    for (let index = 0; index < 70; index += 1) {
      const path = join(cache, `old-${index}`);
      writeFileSync(path, '');
      utimesSync(path, index, index);
    }
    run();
    const names = readdirSync(cache);
    expect(names).toHaveLength(64);
    expect(names).toContain('old-69');
    expect(names).not.toContain('old-6');
    expect(names.some((name) => name.startsWith('whoami-'))).toBe(true);
  });
});

// V8 ends the whole process where it is given such a thing, so it is a process that is given it.
describe('compiled code that is damaged', () => {
  const damages: Readonly<Record<string, (whole: Buffer) => Buffer>> = {
    'one bit': (whole) => flipped(whole, 0.3),
    'one bit of the first copy’s list': (whole) => flipped(whole, 0.01),
    'one bit of the second copy': (whole) => flipped(whole, 0.8),
    'an end that is missing': (whole) => whole.subarray(0, Math.floor(whole.length * 0.75)),
    'a whole half that is missing': (whole) => whole.subarray(0, whole.length / 2),
    'a page of zeros': (whole) => Buffer.from(whole).fill(0, 4096, 8192),
    'zeros alone': (whole) => Buffer.alloc(whole.length),
    'nothing at all': () => Buffer.alloc(0),
    'other words': () => Buffer.from('{}{}'),
    'a list of nothing': () => {
      const half = Buffer.alloc(40, ' ');
      half.writeUInt32LE(14);
      half.write('{"files":null}', 4);
      return Buffer.concat([half, half]);
    },
  };

  it.each(Object.keys(damages))('ends nothing, and is replaced: %s', async (name) => {
    const home = await temporaryDirectory();
    const env = { ...process.env, LOGTO_CLI_HOME: home };
    const explain = () =>
      runCommand(process.execPath, ['bin/logto-cli.js', 'explain', 'usage_invalid'], { env });
    const sound = await explain();
    expect(sound).toMatchObject({ status: 0, stderr: '' });
    const [file = ''] = readdirSync(join(home, 'cache/code'));
    const path = join(home, 'cache/code', file);
    const whole = readFileSync(path);
    const damaged = damages[name]?.(whole) ?? whole;
    expect(damaged.equals(whole)).toBe(false);
    writeFileSync(path, damaged);

    expect(await explain()).toEqual(sound);
    expect(readFileSync(path).equals(damaged)).toBe(false);
  });
});

function flipped(whole: Buffer, part: number): Buffer {
  const copy = Buffer.from(whole);
  const place = Math.floor(copy.length * part);
  copy.writeUInt8(copy.readUInt8(place) ^ 0x10, place);
  return copy;
}
