import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** The process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/**
 * How many processes and open files are looked at for a finer point of an error that is told with or without it: a moment
 * on any machine. A limit in time would find nobody on a busy one.
 */
const mostLooks = 20_000;

/**
 * Which process keeps us from binding this address and port. `null` where the platform does not tell (anywhere but on
 * Linux), when the process belongs to somebody else, or when there are too many to look at. Never throws.
 *
 * @param address IPv4, `::1` or `::`; of any other nobody is found
 */
export function portHolder(address: string, port: number): PortHolder | null {
  if (process.platform !== 'linux') return null;
  // The list is not read at once: on a busy machine a line of it may slip away between two reads.
  const found = listeningInodes(address, port);
  const inodes = found.size > 0 ? found : listeningInodes(address, port);
  if (inodes.size === 0) return null;
  // Who was started last comes first: that is whom it mostly is.
  const pids = entries('/proc').map(Number).filter(Number.isInteger);
  let looks = 0;
  for (const pid of pids.sort((one, other) => other - one)) {
    looks += 1;
    for (const descriptor of entries(`/proc/${pid}/fd`)) {
      looks += 1;
      if (looks > mostLooks) return null;
      const inode = /^socket:\[(\d+)\]$/.exec(linkAt(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) {
        return { pid, command: textAt(`/proc/${pid}/comm`).trim() };
      }
    }
  }
  return null;
}

/** Sockets in the state LISTEN (0A) whose address is this one or covers it. */
function listeningInodes(address: string, port: number): ReadonlySet<string> {
  const isNamed = address === '::1' || isIPv4(address);
  if (!isNamed && address !== '::') return new Set();
  const bytes = address.includes(':')
    ? [...Array<number>(15).fill(0), Number(address === '::1')]
    : address.split('.').map(Number);
  const mapped = [...Array<number>(10).fill(0), 255, 255, ...bytes];
  const covering = [bytes, mapped, Array<number>(4).fill(0), Array<number>(16).fill(0)].map(kernelHex);
  const inodes = new Set<string>();
  for (const line of `${textAt('/proc/net/tcp')}${textAt('/proc/net/tcp6')}`.split('\n')) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [host = '', hexPort = ''] = local.split(':');
    if (state !== '0A' || Number.parseInt(hexPort, 16) !== port || inode === undefined) continue;
    // Whoever has one of them keeps others from having all.
    const isAmongAll =
      (address === '0.0.0.0' && host.length === 8) || (address === '::' && host.length === 32);
    if (covering.includes(host) || isAmongAll) inodes.add(inode);
  }
  return inodes;
}

/** An address as /proc/net prints it: 32-bit words in the machine's byte order. */
function kernelHex(bytes: readonly number[]): string {
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4));
  const ordered = endianness() === 'LE' ? words.map((word) => word.reverse()) : words;
  return Buffer.from(ordered.flat()).toString('hex').toUpperCase();
}

function entries(path: string): string[] {
  return readOr([], () => readdirSync(path));
}

function textAt(path: string): string {
  return readOr('', () => readFileSync(path, 'utf8'));
}

function linkAt(path: string): string {
  return readOr('', () => readlinkSync(path));
}

/** Processes come and go while we read, and others' descriptors may not be read: both are "does not tell". */
function readOr<Value>(absent: Value, read: () => Value): Value {
  try {
    return read();
  } catch {
    return absent;
  }
}
