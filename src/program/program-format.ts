import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** What ELF calls the processors that Node runs on (e_machine), and older ones whose programs they run as well. */
const machines: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  ia32: [3],
  arm64: [183, 40],
  arm: [40],
  ppc64: [21, 20],
  s390x: [22],
  riscv64: [243],
  loong64: [258],
};

/**
 * Whether the kernel of Linux would refuse to run a file (ENOEXEC). It is asked beforehand: the C library hands such a
 * file to `sh`, which is right for a script without its first line, and takes a program of another machine for one.
 */
export function isForeignProgram(path: string): boolean {
  if (process.platform !== 'linux') return false;
  const head = Buffer.alloc(256);
  let length: number;
  try {
    // A pipe in its place would be waited for.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      length = readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch {
    // What may be run may be closed to readers.
    return false;
  }
  const known = head.subarray(0, length);
  return isForeignFormat(known, process.arch) && !hasInterpreter(path, known);
}

/** @param head the first bytes of a file, 256 if it has so many */
export function isForeignFormat(head: Uint8Array, arch: string): boolean {
  const bytes = Buffer.from(head);
  const known = machines[arch];
  if (bytes.subarray(0, 4).equals(Buffer.from('\u007fELF', 'latin1'))) {
    if (bytes.length < 52) return true;
    // EI_DATA: 2 is big-endian.
    const machine = bytes[5] === 2 ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
    return known !== undefined && !known.includes(machine);
  }
  const end = bytes.indexOf(0x0a);
  return bytes.subarray(0, end === -1 ? bytes.length : end).includes(0);
}

/** Whether somebody has told the kernel how to run this: a program of another machine by an emulator, or of Windows. */
function hasInterpreter(path: string, head: Buffer): boolean {
  const folder = '/proc/sys/fs/binfmt_misc';
  try {
    const names = readdirSync(folder).filter((name) => name !== 'register' && name !== 'status');
    return names.some((name) => isTakenBy(readFileSync(join(folder, name), 'utf8'), path, head));
  } catch {
    return false;
  }
}

/** @param entry as the kernel tells it: lines of `enabled`, and `extension .x`, or `offset 0`, `magic 7f45` and `mask ffff` */
export function isTakenBy(entry: string, path: string, head: Uint8Array): boolean {
  const [state, ...lines] = entry.split('\n');
  const told = new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
  if (state !== 'enabled') return false;
  const extension = told.get('extension');
  if (extension !== undefined) return path.endsWith(extension);
  const magic = Buffer.from(told.get('magic') ?? '', 'hex');
  const mask = Buffer.from(told.get('mask') ?? '', 'hex');
  const offset = Number(told.get('offset') ?? 0);
  return (
    magic.length > 0 &&
    magic.every((byte, index) => (((head[offset + index] ?? -1) ^ byte) & (mask[index] ?? 0xff)) === 0)
  );
}
