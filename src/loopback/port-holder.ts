import { readdir, readFile, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';

/** The process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/**
 * Which process keeps us from binding this address and port. `null` where the platform does not tell: anywhere but
 * on Linux, or when the process belongs to somebody else. Never rejects.
 *
 * @param address `127.0.0.0/8` or `::1`
 */
export async function portHolder(address: string, port: number): Promise<PortHolder | null> {
  if (process.platform !== 'linux') return null;
  // /proc is not read at once: on a busy machine a line of it may slip away between two reads.
  return (await look(address, port)) ?? (await look(address, port));
}

async function look(address: string, port: number): Promise<PortHolder | null> {
  const inodes = await listeningInodes(address, port);
  if (inodes.size === 0) return null;
  for (const pid of await entries('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of await entries(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) {
        return { pid: Number(pid), command: (await text(`/proc/${pid}/comm`)).trim() };
      }
    }
  }
  return null;
}

/** Sockets in the state LISTEN (0A) whose address is this one or covers it. */
async function listeningInodes(address: string, port: number): Promise<Set<string>> {
  const bytes = address === '::1' ? [...Array<number>(15).fill(0), 1] : address.split('.').map(Number);
  const mapped = [...Array<number>(10).fill(0), 255, 255, ...bytes];
  const covering = [bytes, mapped, Array<number>(4).fill(0), Array<number>(16).fill(0)].map(kernelHex);
  const inodes = new Set<string>();
  for (const line of `${await text('/proc/net/tcp')}${await text('/proc/net/tcp6')}`.split('\n')) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [host = '', hexPort = ''] = local.split(':');
    if (state !== '0A' || Number.parseInt(hexPort, 16) !== port || inode === undefined) continue;
    if (covering.includes(host)) inodes.add(inode);
  }
  return inodes;
}

/** An address as /proc/net prints it: 32-bit words in the machine's byte order. */
function kernelHex(bytes: readonly number[]): string {
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4));
  const ordered = endianness() === 'LE' ? words.map((word) => word.reverse()) : words;
  return Buffer.from(ordered.flat()).toString('hex').toUpperCase();
}

// Processes come and go while we read, and others' descriptors may not be read: both are "does not tell".
const entries = (path: string): Promise<string[]> => readdir(path).catch(() => []);
const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
