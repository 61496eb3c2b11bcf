import { statSync } from 'node:fs';
import type { Socket } from 'node:net';
import {
  type DBusCall,
  type DBusReader,
  dbusHeaderStart,
  dbusLength,
  dbusReturn,
  readDBusMessage,
  writeDBusCall,
} from './dbus-message.js';

type Environment = Readonly<Record<string, string | undefined>>;

interface Waiting {
  readonly signature: string;
  take(body: DBusReader): void;
  fail(error: Error): void;
}

/** Bytes that are read of one bus, in all messages together: more than keyrings are made for. */
const longestConversation = 1024 * 1024;

/** Bytes of the line that ends the authentication. */
const longestLine = 256;

/** Bytes of the address of a socket (unix(7): 108 with a NUL). Some Node would cut what is longer. */
const longestPath = 107;

/**
 * A connection to the session bus that makes a few calls, and can be given up at any moment. It never keeps the process
 * alive, and starts neither a bus nor a service.
 *
 * The bus is the one that libsecret would use (GIO, `g_dbus_address_get_for_bus_sync`): whoever sets
 * `DBUS_SESSION_BUS_ADDRESS` or `XDG_RUNTIME_DIR` chooses it, and a socket that only the latter leads to must be ours.
 * GIO does not ask who listens there, and what answers here is trusted as much as by the keychain's own process.
 */
export class SessionBus {
  readonly #addresses: string[];
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | null = null;
  /** What is said as soon as somebody listens, in one piece. */
  #unsent: Buffer[] = [];
  #serial = 0;
  #isAuthenticated = false;
  #received: Buffer[] = [];
  #length = 0;
  /** How many bytes must be there before a look at them is worth it. */
  #wanted = 1;
  #total = 0;
  #ended: Error | null = null;
  #begin: () => void = () => {};
  /** Resolves when somebody listens, and has been told what there was to tell, or when it is clear that nobody does. */
  readonly begun = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });

  /**
   * Connects, and does not wait for it.
   *
   * @returns `null` where there is no address that is understood
   */
  static connect(environment: Environment): SessionBus | null {
    const addresses = busAddresses(environment);
    return addresses === null ? null : new SessionBus(addresses);
  }

  private constructor(addresses: string[]) {
    this.#addresses = addresses;
    // Nothing of this is secret, so that nobody need wait for the answer before the calls follow.
    const user = Buffer.from(String(process.geteuid?.())).toString('hex');
    this.#unsent = [Buffer.from(`\0AUTH EXTERNAL ${user}\r\nBEGIN\r\n`)];
    const bus = 'org.freedesktop.DBus';
    const hello = { destination: bus, path: '/org/freedesktop/DBus', interface: bus, member: 'Hello' };
    this.call(hello, 's').catch(() => {}); // no other call is answered then
    this.#connect();
  }

  /**
   * Calls a method.
   *
   * @param signature the types that the answer must have
   * @throws Error where anything else comes, or the connection has ended
   */
  call(call: DBusCall, signature: string): Promise<DBusReader> {
    this.#serial += 1;
    const [serial, bytes] = [this.#serial, writeDBusCall(this.#serial, call)];
    return new Promise((take, fail) => {
      if (this.#ended !== null) return fail(this.#ended);
      this.#waiting.set(serial, { signature, take, fail });
      if (this.#socket?.connecting === false) this.#socket.write(bytes);
      else this.#unsent.push(bytes);
    });
  }

  /** Gives it up. What is under way fails. */
  close(error = new Error('closed')): void {
    this.#ended ??= error;
    this.#socket?.destroy();
    this.#received = [];
    for (const { fail } of this.#waiting.values()) fail(this.#ended);
    this.#waiting.clear();
    this.#begin();
  }

  #connect(): void {
    const path = this.#addresses.shift() ?? '';
    const socket = process.getBuiltinModule('node:net').connect({ path });
    this.#socket = socket;
    socket.unref();
    socket.on('connect', () => {
      socket.write(Buffer.concat(this.#unsent.splice(0)));
      this.#begin();
    });
    socket.on('data', (bytes) => {
      try {
        this.#take(bytes);
      } catch (error) {
        this.close(error as Error);
      }
    });
    socket.on('error', (error) => {
      if (this.#unsent.length > 0 && this.#addresses.length > 0 && this.#ended === null) this.#connect();
      else this.close(error);
    });
    socket.on('end', () => this.close(new Error('the bus has ended the connection')));
  }

  #take(bytes: Buffer): void {
    this.#total += bytes.length;
    if (this.#total > longestConversation) throw new RangeError('the bus says too much');
    this.#received.push(bytes);
    this.#length += bytes.length;
    // Else each byte of somebody who sends them one by one would cost a copy of all before it.
    while (this.#length >= this.#wanted && this.#ended === null) {
      const all = this.#received.length === 1 ? (this.#received[0] as Buffer) : Buffer.concat(this.#received);
      const taken = this.#isAuthenticated ? this.#takeMessage(all) : this.#takeLine(all);
      this.#received = [all.subarray(taken)];
      this.#length -= taken;
    }
  }

  /** @returns how many bytes are done with */
  #takeLine(all: Buffer): number {
    const end = all.indexOf('\r\n');
    if (end === -1 || end > longestLine) {
      if (all.length > longestLine) throw new RangeError('the bus says too long a line');
      this.#wanted = all.length + 1;
      return 0;
    }
    if (!all.toString('latin1', 0, end).startsWith('OK ')) throw new Error('the bus lets nobody in');
    this.#isAuthenticated = true;
    this.#wanted = dbusHeaderStart;
    return end + 2;
  }

  /** @returns how many bytes are done with */
  #takeMessage(all: Buffer): number {
    const length = dbusLength(all);
    if (length > longestConversation) throw new RangeError('the bus announces too long a message');
    this.#wanted = length;
    if (all.length < length) return 0;
    this.#wanted = dbusHeaderStart;
    const { type, replySerial, signature, body } = readDBusMessage(all.subarray(0, length));
    // The bus tells everybody of their name, and others may call whoever is there.
    if (replySerial === 0) return length;
    const waiting = this.#waiting.get(replySerial);
    if (waiting === undefined) throw new Error('the bus answers what nobody asked');
    if (type !== dbusReturn || signature !== waiting.signature) throw new Error('the bus answers otherwise');
    this.#waiting.delete(replySerial);
    waiting.take(body);
    return length;
  }
}

/** The sockets that may be the session bus, in order; `null` where any of it is not understood. */
export function busAddresses(environment: Environment): string[] | null {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: folder } = environment;
  try {
    if (address !== undefined) return address.split(';').map(socketOf);
    const path = `${folder}/bus`;
    const place = folder ? statSync(path, { throwIfNoEntry: false }) : undefined;
    return place?.isSocket() && place.uid === process.geteuid?.() ? [storable(path)] : null;
  } catch {
    return null;
  }
}

/** `unix:path=` or `unix:abstract=` with its escapes, and perhaps the name of the bus, which nobody looks at. */
function socketOf(address: string): string {
  const [, kind, escaped = ''] = /^unix:(path|abstract)=([^,=]+)(?:,guid=[^,=]*)?$/.exec(address) ?? [];
  const value = decodeURIComponent(escaped);
  if (kind === undefined || value.includes('\0')) throw new RangeError('another address');
  return storable(kind === 'path' ? value : `\0${value}`);
}

function storable(path: string): string {
  if (Buffer.byteLength(path) > longestPath) throw new RangeError('too long for an address');
  return path;
}
