import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const stream = JSON.stringify(new URL(`file://${built('cli/standard-stream.js')}`).href);

/** A program that writes to both outputs, and tells at the end what it knows of the first. */
const speaker = `
  const { StandardStream } = await import(${stream});
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => new StandardStream(name, true));
  stdout.write('a→b'.repeat(100_000));
  stdout.write('|end');
  const opened = process.moduleLoadList.some((name) => /internal\\/streams\\/writable|^NativeModule stream$/.test(name));
  const errors = await stdout.settled();
  stderr.write(JSON.stringify({ isTTY: stdout.isTTY, opened, errors: errors.map(({ code }) => code) }));
  await stderr.settled();
  process.exit(0);
`;
const whole = `${'a→b'.repeat(100_000)}|end`;

describe.skipIf(process.platform === 'win32')('an output of the process that is awaited', () => {
  it('gives a pipe everything, and Node opens no stream for it', async () => {
    const { stdout, stderr } = await runCommand(process.execPath, ['--input-type=module', '-e', speaker]);
    expect(stdout).toBe(whole);
    expect(JSON.parse(stderr)).toEqual({ isTTY: false, opened: false, errors: [] });
  });

  it.each(['file', '/dev/null'])('writes to %s at once', async (place) => {
    const path = place === 'file' ? join(await temporaryDirectory(), 'out') : place;
    const { stderr } = await runCommand('sh', [
      '-c',
      '"$0" --input-type=module -e "$1" > "$2"',
      process.execPath,
      speaker,
      path,
    ]);
    expect(JSON.parse(stderr)).toEqual({ isTTY: false, opened: false, errors: [] });
    if (place === 'file') expect(await readFile(path, 'utf8')).toBe(whole);
  });

  it('gives everything to a pipe that somebody made one that waits for nobody', async () => {
    const perl = 'use Fcntl; fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK); exec @ARGV;';
    const { stdout, stderr } = await runCommand('sh', [
      '-c',
      'perl -e "$0" "$1" --input-type=module -e "$2" | { sleep 0.3; cat; }',
      perl,
      process.execPath,
      speaker,
    ]);
    expect(stdout).toBe(whole);
    expect(JSON.parse(stderr)).toMatchObject({ errors: [] });
  });

  it('knows of a pipe that nobody reads, and goes on', async () => {
    const { stderr } = await runCommand('sh', [
      '-c',
      '"$0" --input-type=module -e "$1" | true',
      process.execPath,
      speaker,
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ errors: ['EPIPE', 'EPIPE'] });
  });
});
