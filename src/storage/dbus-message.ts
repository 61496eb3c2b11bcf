/**
 * The wire format of D-Bus (https://dbus.freedesktop.org/doc/dbus-specification.html, "Marshaling" and "Message
 * Protocol"), as far as a few calls and their answers need it. What is not understood is refused.
 */

/** A call of a method. */
export interface DBusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** The types of what is in the body, none where it is left out. */
  readonly signature?: string;
  readonly body?: DBusWriter;
}

/** What came, as far as it concerns whoever calls. */
export interface DBusMessage {
  readonly type: number;
  /** The serial number of the call that is answered; 0 where none is. */
  readonly replySerial: number;
  readonly signature: string;
  readonly body: DBusReader;
}

/** The type of a message that answers a call as it should. */
export const dbusReturn = 2;

const methodCall = 1;
const protocolVersion = 1;
/** The bus starts no service for such a call. */
const noAutoStart = 2;
/** Fields of a header. */
const fields = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, signature: 8 } as const;

/** Bytes by which the length of a message can be told. */
export const dbusHeaderStart = 16;

/**
 * How many bytes a message has.
 *
 * @param start its first {@link dbusHeaderStart} bytes
 * @throws RangeError for what is no message
 */
export function dbusLength(start: Buffer): number {
  const isLittle = isLittleEndian(start);
  if (start[3] !== protocolVersion) throw new RangeError('D-Bus of another version');
  const [body, header] = isLittle
    ? [start.readUInt32LE(4), start.readUInt32LE(12)]
    : [start.readUInt32BE(4), start.readUInt32BE(12)];
  return aligned(dbusHeaderStart + header, 8) + body;
}

/**
 * Reads a whole message.
 *
 * @throws RangeError for what is no message, or has a header that is not understood
 */
export function readDBusMessage(bytes: Buffer): DBusMessage {
  const reader = new DBusReader(bytes, isLittleEndian(bytes));
  reader.skip(4);
  reader.uint32();
  reader.uint32();
  let [replySerial, signature] = [0, ''];
  const end = reader.arrayEnd(8);
  while (reader.at < end) {
    reader.align(8);
    const code = reader.byte();
    const type = reader.signature();
    const value =
      type === 'u'
        ? reader.uint32()
        : type === 'g'
          ? reader.signature()
          : type === 's' || type === 'o'
            ? reader.string()
            : refuse('a field of another type');
    if (code === fields.replySerial && typeof value === 'number') replySerial = value;
    if (code === fields.signature && typeof value === 'string') signature = value;
  }
  if (reader.at > end) refuse('a header that ends within a field');
  reader.align(8);
  return { type: bytes[1] ?? 0, replySerial, signature, body: reader };
}

/** Writes a call, which starts no service. */
export function writeDBusCall(serial: number, call: DBusCall): Buffer {
  const body = call.body?.bytes() ?? Buffer.alloc(0);
  const header = new DBusWriter()
    .byte('l'.charCodeAt(0))
    .byte(methodCall)
    .byte(noAutoStart)
    .byte(protocolVersion)
    .uint32(body.length)
    .uint32(serial)
    .array(8, (writer) => {
      const field = (code: number, type: string) => writer.align(8).byte(code).signature(type);
      field(fields.path, 'o').string(call.path);
      field(fields.interface, 's').string(call.interface);
      field(fields.member, 's').string(call.member);
      field(fields.destination, 's').string(call.destination);
      if (call.signature !== undefined) field(fields.signature, 'g').signature(call.signature);
    })
    .align(8);
  return Buffer.concat([header.bytes(), body]);
}

/** Writes values one after the other, in little-endian order. */
export class DBusWriter {
  readonly #parts: Buffer[] = [];
  #length = 0;

  align(size: number): this {
    return this.#add(Buffer.alloc(aligned(this.#length, size) - this.#length));
  }

  byte(value: number): this {
    return this.#add(Buffer.of(value));
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.align(4).#add(bytes);
  }

  /** A string or the path of an object. */
  string(value: string): this {
    const bytes = Buffer.from(`${value}\0`);
    return this.uint32(bytes.length - 1).#add(bytes);
  }

  signature(value: string): this {
    return this.byte(value.length).#add(Buffer.from(`${value}\0`));
  }

  /** An array of bytes. */
  byteArray(value: Uint8Array): this {
    return this.uint32(value.length).#add(Buffer.from(value));
  }

  /** @param size what its elements are aligned to */
  array(size: number, write: (writer: this) => void): this {
    const length = Buffer.alloc(4);
    this.align(4).#add(length).align(size);
    const start = this.#length;
    write(this);
    length.writeUInt32LE(this.#length - start);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(bytes: Buffer): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

/** Reads values one after the other. All of it throws a RangeError where there is no such value. */
export class DBusReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  #at = 0;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  /** How many bytes have been read. */
  get at(): number {
    return this.#at;
  }

  /** Whether all has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  align(size: number): void {
    this.#at = aligned(this.#at, size);
  }

  skip(length: number): void {
    this.#take(length);
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  uint32(): number {
    this.align(4);
    const bytes = this.#take(4);
    return this.#isLittle ? bytes.readUInt32LE() : bytes.readUInt32BE();
  }

  /** A string or the path of an object. */
  string(): string {
    return this.#text(this.uint32());
  }

  signature(): string {
    return this.#text(this.byte());
  }

  /** An array of bytes; those of the message, not a copy. */
  byteArray(): Buffer {
    return this.#take(this.uint32());
  }

  /** An array of strings or paths. */
  strings(): string[] {
    const end = this.arrayEnd(4);
    const found: string[] = [];
    while (this.#at < end) found.push(this.string());
    return this.#at === end ? found : refuse('an array that ends within an element');
  }

  /**
   * Where an array ends whose elements begin here.
   *
   * @param size what its elements are aligned to
   */
  arrayEnd(size: number): number {
    const length = this.uint32();
    this.align(size);
    return this.#at + length <= this.#bytes.length ? this.#at + length : refuse('an array beyond the end');
  }

  #text(length: number): string {
    const bytes = this.#take(length + 1);
    return bytes[length] === 0 ? bytes.toString('utf8', 0, length) : refuse('a text without its end');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) refuse('a value beyond the end');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function isLittleEndian(start: Buffer): boolean {
  const mark = String.fromCharCode(start[0] ?? 0);
  return mark === 'l' || (mark === 'B' ? false : refuse('of no byte order'));
}

function aligned(offset: number, size: number): number {
  return Math.ceil(offset / size) * size;
}

function refuse(what: string): never {
  throw new RangeError(`not understood of D-Bus: ${what}`);
}
