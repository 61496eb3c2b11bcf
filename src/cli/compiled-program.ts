import { dirname, join } from 'node:path';
import { readRegularFile } from '../read-file.js';

/** The exit code of a command line or a setting that no command can run with. */
const refused = 2;

/** How many files of compiled code are kept: one for each command, each Node and each installation. */
const keptFiles = 64;

/** What makes a function of a file's text, as Node's own loader does. */
const [before, after] = ['(function (exports, require, module, __filename, __dirname) {', '\n})'];

interface Cached {
  /** Of the file that it was compiled of. */
  readonly stamp: string;
  readonly start: number;
  readonly length: number;
}

interface Kept {
  readonly hasSucceeded: boolean;
  readonly files: Readonly<Record<string, Cached>>;
  readonly code: Buffer;
}

interface Loaded {
  readonly module: { exports: unknown };
  readonly stamp: string;
  readonly script: CompiledScript;
}

/** What is used of Node's `vm.Script`. */
interface CompiledScript {
  readonly cachedDataRejected?: boolean | undefined;
  runInThisContext(): (...values: readonly unknown[]) => void;
  createCachedData(): Buffer;
}

/**
 * The files of this program, run with the compiled code that an earlier run of the same command has left. Node's own cache
 * (22 and later) has what is compiled when a file is loaded; this one is made after a run, and so has the functions that
 * were called, too.
 */
export class CompiledProgram {
  readonly #directory: string;
  readonly #require: (id: string) => unknown;
  readonly #path: string | null;
  readonly #kept: Kept | null;
  readonly #loaded = new Map<string, Loaded>();
  #isMissing = false;

  /**
   * @param directory of the program's files, CommonJS all
   * @param require loads Node's modules
   * @param cache directory that nobody else can write to; `null` where compiled code is not kept
   * @param command whose code it is
   */
  constructor(
    directory: string,
    require: (id: string) => unknown,
    cache: string | null,
    command: string | undefined,
  ) {
    this.#directory = directory;
    this.#require = require;
    const name = `${command ?? ''}-${process.version}-${process.arch}-${placeOf(directory)}`;
    this.#path = cache !== null && /^[\w.-]+$/.test(name) ? join(cache, name) : null;
    this.#kept = this.#path === null ? null : readKept(this.#path);
  }

  /**
   * What a file of the program exports.
   *
   * @param name its path from the program's directory
   */
  load(name: string): unknown {
    const path = join(this.#directory, name);
    return this.#path === null ? this.#require(path) : this.#load(path);
  }

  /** Leaves the compiled code of all that was loaded, where that has more than there was. */
  leave(exitCode: number): void {
    const path = this.#path;
    const hasSucceeded = exitCode === 0;
    const isBetter = this.#isMissing || (hasSucceeded && this.#kept?.hasSucceeded === false);
    // A command line that was refused says nothing of what its command needs, and may be of none.
    if (path === null || !isBetter || exitCode === refused) return;
    try {
      writeKept(path, this.#code(), hasSucceeded || this.#kept?.hasSucceeded === true);
      removeOldest(dirname(path));
    } catch {
      // Compiled code only saves time.
    }
  }

  #load(path: string): unknown {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known.module.exports;
    const { bytes, found } = readRegularFile(path);
    // Of another file it is another one: nobody can set the time. V8 itself compares the length of the text.
    const stamp = `${found.ctimeMs} ${found.ino}`;
    const cached = this.#cached(path, stamp);
    const { Script, constants } = process.getBuiltinModule('node:vm') as VirtualMachine;
    const script = new Script(`${before}${bytes}${after}`, {
      filename: path,
      cachedData: cached,
      // For the packages that are no part of the program.
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    if (script.cachedDataRejected !== false) this.#isMissing = true;
    const module = { exports: {} };
    this.#loaded.set(path, { module, stamp, script });
    const directory = dirname(path);
    const require = (id: string) =>
      id.startsWith('.') ? this.#load(join(directory, id)) : this.#require(id);
    script.runInThisContext()(module.exports, require, module, path, directory);
    return module.exports;
  }

  #cached(path: string, stamp: string): Buffer | undefined {
    const found = this.#kept?.files[path];
    if (found?.stamp !== stamp) return undefined;
    return this.#kept?.code.subarray(found.start, found.start + found.length);
  }

  /** What was loaded now, and what other runs of the command had loaded beside it. */
  #code(): Map<string, readonly [stamp: string, Buffer]> {
    const code = new Map<string, readonly [string, Buffer]>();
    for (const [path, { stamp, script }] of this.#loaded) code.set(path, [stamp, script.createCachedData()]);
    for (const [path, { stamp }] of Object.entries(this.#kept?.files ?? {})) {
      const cached = code.has(path) ? undefined : this.#cached(path, stamp);
      if (cached) code.set(path, [stamp, cached]);
    }
    return code;
  }
}

/** The types are those of the oldest Node. */
interface VirtualMachine {
  readonly Script: new (
    text: string,
    options: {
      readonly filename: string;
      readonly cachedData: Buffer | undefined;
      readonly importModuleDynamically: unknown;
    },
  ) => CompiledScript;
  readonly constants: { readonly USE_MAIN_CONTEXT_DEFAULT_LOADER: unknown };
}

/** A short name of a directory, so that two installations have files of their own. What is in them names it whole. */
function placeOf(directory: string): string {
  let place = 0;
  for (let index = 0; index < directory.length; index += 1)
    place = (Math.imul(place, 31) + directory.charCodeAt(index)) | 0;
  return (place >>> 0).toString(36);
}

/**
 * V8 believes what it is given, and ends the process where that is damaged. So all stands there twice, to be compared:
 * that takes less time than a sum of it.
 *
 * The length of a list, the list itself, the code, each at a place that V8 can read from without a copy: twice.
 */
function readKept(path: string): Kept | null {
  try {
    const whole = readRegularFile(path).bytes;
    const half = whole.subarray(0, whole.length / 2);
    if (whole.length % 2 !== 0 || !half.equals(whole.subarray(half.length))) return null;
    const length = half.readUInt32LE(0);
    const { hasSucceeded, files } = JSON.parse(half.subarray(4, 4 + length).toString());
    return { hasSucceeded, files: { ...files }, code: half.subarray(roundUp(4 + length)) };
  } catch {
    // There is none yet, or it is of no use.
    return null;
  }
}

function writeKept(
  path: string,
  code: ReadonlyMap<string, readonly [stamp: string, Buffer]>,
  hasSucceeded: boolean,
): void {
  const { writeFileSync, renameSync, rmSync } = fileSystem();
  const files: Record<string, Cached> = {};
  let start = 0;
  for (const [file, [stamp, { length }]] of code) {
    files[file] = { stamp, start, length };
    start += roundUp(length);
  }
  const list = Buffer.from(JSON.stringify({ hasSucceeded, files }));
  const half = Buffer.alloc(roundUp(4 + list.length) + start);
  half.writeUInt32LE(list.length);
  half.set(list, 4);
  for (const [file, [, data]] of code) half.set(data, half.length - start + (files[file]?.start ?? 0));
  const beside = `${path}.${process.pid}`;
  try {
    writeFileSync(beside, Buffer.concat([half, half]), { mode: 0o600, flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** To a whole number of words of the processor. */
function roundUp(length: number): number {
  return (length + 7) & ~7;
}

/** What a Node or an installation has left that is there no longer must not pile up. */
function removeOldest(directory: string): void {
  const { readdirSync, statSync, rmSync } = fileSystem();
  const paths = readdirSync(directory).map((name) => join(directory, name));
  if (paths.length <= keptFiles) return;
  const ages = paths.map((path) => ({ path, writtenAt: statSync(path).mtimeMs }));
  ages.sort((a, b) => b.writtenAt - a.writtenAt);
  for (const { path } of ages.slice(keptFiles)) rmSync(path, { force: true, recursive: true });
}

/** An import of node:fs would evaluate all that it could export, at every start. */
function fileSystem() {
  return process.getBuiltinModule('node:fs');
}
