import type { Stats } from 'node:fs';
import type { LogtoError } from './errors.js';
import { textOf } from './read-text.js';

/** The most that is read of one file, in bytes. What people write is a thousand times smaller. */
const limit = 64 * 2 ** 20;

/** Where a shell puts a pipe that somebody names on purpose: `<(command)` and standard input. */
const ownDescriptor = /^\/(?:dev|proc\/self)\/(?:stdin|fd\/(\d{1,9}))$/;

/** Something is in the place of a file that is none, or none of a size that is read. */
export class NoSuchFile extends Error {
  /** @param why as in "it …" */
  constructor(readonly why: string) {
    super(`The file ${why}.`);
  }
}

/**
 * Reads a file in one go, and never waits: what is no file (a pipe, a device, a directory) is refused as soon as it is
 * open. Node needs longer to load and start its asynchronous file system than all files of ours take to read, and every
 * command waits for them.
 *
 * @param flags for opening, beside those for reading
 * @param check looks at what has been opened, before it is read
 * @throws NoSuchFile; the system's error, with its `code`; whatever the check throws
 */
export function readRegularFile(
  path: string,
  flags = 0,
  check: (found: Stats) => void = () => {},
): { readonly bytes: Buffer; readonly found: Stats } {
  const { closeSync, fstatSync, readFileSync } = fileSystem();
  const file = openWithoutWaiting(path, flags);
  try {
    const found = fstatSync(file);
    check(found);
    checkKind(found);
    return { bytes: readFileSync(file), found };
  } finally {
    closeSync(file);
  }
}

/**
 * The text of a file that a person named. Whose it is, is their choice. What is no file is refused at once.
 *
 * @param refusal makes the error, of why the file cannot be read: a code of the system, or words
 */
export async function readNamedText(path: string, refusal: (why: string) => LogtoError): Promise<string> {
  return await textUnless(refusal, () => readRegularFile(path).bytes);
}

/**
 * The same for a file that is read once, and may therefore be a pipe that is named as such: `/dev/stdin`, or
 * `<(command)` of a shell. Whoever waits for the other end can interrupt the process.
 *
 * @param refusal see {@link readNamedText}
 */
export async function readNamedTextOrPipe(
  path: string,
  refusal: (why: string) => LogtoError,
): Promise<string> {
  const [isDescriptor, number = '0'] = ownDescriptor.exec(path) ?? [];
  return await textUnless(refusal, () =>
    isDescriptor !== undefined && isPipe(Number(number))
      ? readPipe(Number(number))
      : readRegularFile(path).bytes,
  );
}

async function textUnless(
  refusal: (why: string) => LogtoError,
  read: () => Buffer | Promise<Buffer>,
): Promise<string> {
  try {
    return textOf(await read());
  } catch (error) {
    throw refusal(
      error instanceof NoSuchFile ? `it ${error.why}` : ((error as NodeJS.ErrnoException).code ?? 'unknown'),
    );
  }
}

/** Programs that start others with pipes often take sockets for that. */
function isPipe(file: number): boolean {
  const found = fileSystem().fstatSync(file);
  return found.isFIFO() || found.isSocket();
}

async function readPipe(file: number): Promise<Buffer> {
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: file, readable: true, writable: false });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Without `O_NONBLOCK`, to open a named pipe is to wait for somebody who writes to it. Windows has no such flags. */
function openWithoutWaiting(path: string, flags: number): number {
  const { constants, openSync, statSync } = fileSystem();
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | flags);
  } catch (error) {
    // A socket cannot be opened at all.
    if (['ENXIO', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      checkKind(statSync(path));
    throw error;
  }
}

function checkKind(found: Stats): void {
  if (found.isFile()) {
    if (found.size > limit) throw tooLarge();
    return;
  }
  if (found.isDirectory()) throw new NoSuchFile('is a directory');
  if (found.isSocket()) throw new NoSuchFile('is a socket');
  throw new NoSuchFile(found.isFIFO() ? 'is a named pipe' : 'is a device');
}

function tooLarge(): NoSuchFile {
  return new NoSuchFile(`has more than ${limit / 2 ** 20} MB`);
}

/** An import of node:fs would evaluate all that it could export, streams and promises included. */
function fileSystem() {
  return process.getBuiltinModule('node:fs');
}
