import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogtoError } from '../src/errors.js';
import { NoSuchFile, readNamedText, readNamedTextOrPipe, readRegularFile } from '../src/read-file.js';
import { makeNamedPipe } from './support/run-command.js';
import { temporaryDirectory } from './support/temporary-directory.js';
import { writtenBy } from './support/text-encodings.js';

const refusal = (why: string) =>
  new LogtoError('config_invalid', `It cannot be read (${why}).`, 'Name another.');

/** Things that are no files, or none to read. Each is made at a path. */
const noFiles: Readonly<Record<string, (path: string) => string | Promise<string>>> = {
  'is a named pipe': async (path) => {
    await makeNamedPipe(path);
    return path;
  },
  'is a socket': async (path) => {
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return path;
  },
  'is a device': () => '/dev/zero',
  'is a directory': (path) => {
    mkdirSync(path);
    return path;
  },
  'has more than 64 MB': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 64 * 2 ** 20 + 1);
    return path;
  },
};

describe('a file', () => {
  it('is read whole, also where the system does not know its size', async () => {
    const path = join(await temporaryDirectory(), 'file');
    writeFileSync(path, 'x'.repeat(200_000));
    expect(readRegularFile(path).bytes).toHaveLength(200_000);
    if (process.platform === 'linux')
      expect(String(readRegularFile('/proc/version').bytes)).toMatch(/^Linux/);
  });

  it.each(Object.entries(writtenBy))('that a person names is read as %s', async (_, write) => {
    const text = 'naïve=“x”\n👋\n';
    const path = join(await temporaryDirectory(), 'text');
    writeFileSync(path, write(text));
    expect(await readNamedText(path, refusal)).toBe(text);
    expect(await readNamedTextOrPipe(path, refusal)).toBe(text);
  });

  it('that is not there is refused with the code of the system', async () => {
    const path = join(await temporaryDirectory(), 'nowhere');
    expect(() => readRegularFile(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    for (const read of [readNamedText, readNamedTextOrPipe])
      await expect(read(path, refusal)).rejects.toThrow('(ENOENT)');
  });
});

describe.skipIf(process.platform === 'win32')('something in the place of a file', () => {
  it.each(Object.entries(noFiles))('is refused at once and named: it %s', async (why, make) => {
    const path = await make(join(await temporaryDirectory(), 'file'));
    expect(() => readRegularFile(path)).toThrow(new NoSuchFile(why));
    for (const read of [readNamedText, readNamedTextOrPipe])
      await expect(read(path, refusal)).rejects.toThrow(`(it ${why})`);
  });
});
