import {
  createCipheriv,
  type DiffieHellmanGroup,
  getDiffieHellman,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { Socket } from 'node:net';

/** What a bus says, and how it goes about it. */
export interface FalseSecretService {
  /** Paths of the items that are found, and of those that are locked. */
  readonly unlocked?: readonly string[];
  readonly locked?: readonly string[];
  readonly secret?: string | Buffer;
  readonly contentType?: string;
  /** Changes the bytes of one answer, or what an answer is made of. */
  readonly change?: Partial<Record<Member, (answer: AnswerParts) => AnswerParts | Buffer>>;
  /** Instead of the words that let a client in. */
  readonly greeting?: string;
  readonly isBigEndian?: boolean;
  /** Has its keys. To make one takes Node 25 ms. */
  readonly exchange?: DiffieHellmanGroup;
  /** What it thinks that both sides have come to. */
  readonly shared?: Buffer;
  /** Is told what both sides have come to. */
  readonly onShared?: (secret: Buffer) => void;
  /** How the bytes of an answer are sent. */
  readonly send?: (socket: Socket, bytes: Buffer) => void;
}

type Member = 'Hello' | 'OpenSession' | 'SearchItems' | 'GetSecret';

/** An answer before it is written. */
export interface AnswerParts {
  readonly type: number;
  readonly replySerial: number;
  readonly signature: string;
  readonly body: Buffer;
  readonly isBigEndian: boolean;
}

const item = '/org/freedesktop/secrets/collection/login/1';
const session = '/org/freedesktop/secrets/session/s1';

/** Speaks as a bus with a Secret Service on it, to one client; written for itself, and with Node's own Diffie-Hellman. */
export function serveSecrets(socket: Socket, service: FalseSecretService = {}): void {
  const { isBigEndian = false, send = (to, bytes) => void to.write(bytes) } = service;
  const exchange = service.exchange ?? freshExchange();
  let key = Buffer.alloc(16);
  let received = Buffer.alloc(0);
  let isIn = false;
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    const begin = received.indexOf('BEGIN\r\n');
    if (!isIn && begin !== -1) {
      isIn = true;
      received = received.subarray(begin + 'BEGIN\r\n'.length);
      send(socket, Buffer.from(service.greeting ?? 'OK 0123456789abcdef0123456789abcdef\r\n'));
    }
    while (isIn && received.length >= 16) {
      // The client writes in little-endian order.
      const header = 16 + Math.ceil(received.readUInt32LE(12) / 8) * 8;
      const length = header + received.readUInt32LE(4);
      if (received.length < length) return;
      answer(received.subarray(0, length));
      received = received.subarray(length);
    }
  });

  function answer(call: Buffer): void {
    const [member] = /Hello|OpenSession|SearchItems|GetSecret/.exec(call.toString('latin1')) ?? [];
    if (member === undefined || socket.destroyed) return;
    const [signature, body] = bodyOf(member as Member, call);
    const parts = { type: 2, replySerial: call.readUInt32LE(8), signature, body, isBigEndian };
    const changed = service.change?.[member as Member]?.(parts) ?? parts;
    if (member === 'Hello') send(socket, message({ ...parts, type: 4, replySerial: 0 })); // NameAcquired
    send(socket, Buffer.isBuffer(changed) ? changed : message(changed));
  }

  function bodyOf(member: Member, call: Buffer): [string, Buffer] {
    const body = new Body(isBigEndian);
    if (member === 'Hello') return ['s', body.text(':1.1').bytes];
    if (member === 'SearchItems') {
      const { unlocked = [item], locked = [] } = service;
      return ['aoao', body.texts(unlocked).texts(locked).bytes];
    }
    if (member === 'OpenSession') {
      const theirs = exchange.computeSecret(call.subarray(-128));
      service.onShared?.(theirs);
      key = Buffer.from(hkdfSync('sha256', service.shared ?? theirs, Buffer.alloc(0), Buffer.alloc(0), 16));
      return ['vo', body.variantOfBytes(exchange.getPublicKey()).text(session).bytes];
    }
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-128-cbc', key, iv);
    const encrypted = Buffer.concat([cipher.update(service.secret ?? 'the secret'), cipher.final()]);
    const type = service.contentType ?? 'text/plain';
    return ['(oayays)', body.text(session).array(iv).array(encrypted).text(type).bytes];
  }
}

/** The service's half of a Diffie-Hellman exchange. */
export function freshExchange(): DiffieHellmanGroup {
  const exchange = getDiffieHellman('modp2');
  exchange.generateKeys();
  return exchange;
}

/** Values in either byte order. */
export class Body {
  bytes = Buffer.alloc(0);
  readonly #isBigEndian: boolean;

  constructor(isBigEndian = false) {
    this.#isBigEndian = isBigEndian;
  }

  raw(...bytes: readonly (Buffer | string)[]): this {
    this.bytes = Buffer.concat([this.bytes, ...bytes.map((part) => Buffer.from(part))]);
    return this;
  }

  pad(size: number): this {
    return this.raw(Buffer.alloc((size - (this.bytes.length % size)) % size));
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    if (this.#isBigEndian) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return this.pad(4).raw(bytes);
  }

  text(value: string): this {
    return this.uint32(Buffer.byteLength(value)).raw(value, '\0');
  }

  array(value: Buffer): this {
    return this.uint32(value.length).raw(value);
  }

  variantOfBytes(value: Buffer): this {
    return this.raw('\u0002ay\0').array(value);
  }

  texts(values: readonly string[]): this {
    const all = new Body(this.#isBigEndian);
    for (const value of values) all.text(value);
    return this.uint32(all.bytes.length).raw(all.bytes);
  }
}

/** A message in either byte order. */
export function message({ type, replySerial, signature, body, isBigEndian }: AnswerParts): Buffer {
  const fields = new Body(isBigEndian);
  if (replySerial !== 0) fields.raw('\u0005\u0001u\0').uint32(replySerial).pad(8);
  fields.raw('\u0008\u0001g\0', Buffer.of(signature.length), signature, '\0');
  const start = Buffer.from([isBigEndian ? 66 : 108, type, 1, 1]);
  const header = new Body(isBigEndian).raw(start).uint32(body.length).uint32(1);
  return header.uint32(fields.bytes.length).raw(fields.bytes).pad(8).raw(body).bytes;
}

type Change = (answer: AnswerParts) => AnswerParts | Buffer;

const withBody = (build: (body: Body) => Body, signature?: string): Change => {
  return (answer) => ({
    ...answer,
    body: build(new Body(answer.isBigEndian)).bytes,
    ...(signature !== undefined && { signature }),
  });
};
const withBytes = (change: (bytes: Buffer) => Buffer): Change => {
  return (answer) => change(message(answer));
};
const replaced = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
const withWord = (offset: number, value: number): Change => {
  return withBytes((bytes) => {
    bytes.writeUInt32LE(value, offset);
    return bytes;
  });
};
/** An offer after which both sides come to something that everybody knows, were it taken. */
const publicKey = (value: Buffer, shared?: Buffer): FalseSecretService => ({
  change: { OpenSession: withBody((body) => body.variantOfBytes(value).text(session)) },
  ...(shared !== undefined && { shared }),
});
const one = Buffer.from('1'.padStart(256, '0'), 'hex');
const prime = BigInt(`0x${getDiffieHellman('modp2').getPrime('hex')}`);
/** The same key with the prime added, by which nothing would be changed. */
const beyondPrime: Change = (answer) => {
  const key = answer.body.subarray(8, 136);
  const larger = (BigInt(`0x${key.toString('hex')}`) + prime).toString(16).padStart(258, '0');
  return { ...answer, body: new Body().variantOfBytes(Buffer.from(larger, 'hex')).text(session).bytes };
};

/** What may be wrong with a bus or a service, or unusual about an item. */
export const secretServiceFaults: readonly (readonly [
  what: string,
  service: FalseSecretService | ((socket: Socket) => void),
])[] = [
  ['ends the connection at once', (socket) => void socket.destroy()],
  ['never answers', (socket) => void socket.resume()],
  ['speaks HTTP', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['lets nobody in', { greeting: 'REJECTED EXTERNAL\r\n' }],
  ['has too long a first line', (socket) => void socket.resume().write('O'.repeat(300))],
  ['never ends its signals', (socket) => flood(socket.resume())],
  [
    'answers a call that nobody made',
    { change: { OpenSession: (answer) => ({ ...answer, replySerial: 77 }) } },
  ],
  [
    'answers one call twice',
    { change: { SearchItems: withBytes((bytes) => Buffer.concat([bytes, bytes])) } },
  ],
  [
    'answers with an error',
    { change: { SearchItems: (answer) => ({ ...answer, type: 3, signature: 's' }) } },
  ],
  ['answers with a call', { change: { GetSecret: (answer) => ({ ...answer, type: 1 }) } }],
  ['answers with other types', { change: { SearchItems: (answer) => ({ ...answer, signature: 'ao' }) } }],
  ['announces a body of 4 GB', { change: { GetSecret: withWord(4, 0xffff_fff0) } }],
  ['announces a body of 2 MB', { change: { GetSecret: withWord(4, 2 << 20) } }],
  ['announces a header of 4 GB', { change: { GetSecret: withWord(12, 0xffff_fff0) } }],
  ['announces a header that ends within a field', { change: { GetSecret: withWord(12, 9) } }],
  [
    'has a field of a type that no header has',
    { change: { GetSecret: withBytes((bytes) => replaced(bytes, '\u0001g', '\u0001v')) } },
  ],
  [
    'is of no byte order',
    { change: { GetSecret: withBytes((bytes) => Buffer.concat([Buffer.from('x'), bytes.subarray(1)])) } },
  ],
  ['is of another version', { change: { GetSecret: withWord(0, 0x0201_026c) } }],
  [
    'announces more of an array than there is',
    { change: { SearchItems: withBody((body) => body.uint32(4_000_000)) } },
  ],
  [
    'announces more of a text than there is',
    { change: { SearchItems: withBody((body) => body.uint32(8).uint32(4_000_000).uint32(0)) } },
  ],
  [
    'has a text without its end',
    { change: { SearchItems: withBody((body) => body.uint32(8).uint32(3).raw('/abc').texts([])) } },
  ],
  [
    'has an array that ends within an element',
    { change: { SearchItems: withBody((body) => body.uint32(6).text('/abcdef').texts([])) } },
  ],
  [
    'has more to say than it announces',
    {
      change: {
        SearchItems: (answer) => ({ ...answer, body: Buffer.concat([answer.body, Buffer.alloc(4)]) }),
      },
    },
  ],
  [
    'ends within an answer',
    {
      send: (socket, bytes) =>
        bytes.length > 200 ? void socket.end(bytes.subarray(0, 150)) : void socket.write(bytes),
    },
  ],
  ['offers 0 for a key', publicKey(Buffer.alloc(128), Buffer.alloc(128))],
  ['offers 1 for a key', publicKey(Buffer.of(1), one)],
  [
    'offers a key of which all powers are known',
    publicKey(Buffer.from((prime - 1n).toString(16), 'hex'), one),
  ],
  ['offers a key that is too large', { change: { OpenSession: beyondPrime } }],
  [
    'offers a key that is a text',
    { change: { OpenSession: withBytes((bytes) => replaced(bytes, 'ay\0', 'ai\0')) } },
  ],
  ['encrypts with another key', publicKey(Buffer.alloc(128, 7))],
  [
    'has a secret of another session',
    { change: { GetSecret: withBytes((bytes) => replaced(bytes, session, session.replace('s1', 's2'))) } },
  ],
  [
    'has a secret with half a vector',
    {
      change: {
        GetSecret: withBody((body) =>
          body.text(session).array(Buffer.alloc(8)).array(Buffer.alloc(16)).text('text/plain'),
        ),
      },
    },
  ],
  [
    'has a secret that is not encrypted',
    {
      change: {
        GetSecret: withBody((body) =>
          body.text(session).array(Buffer.alloc(0)).array(Buffer.from('the secret')).text('text/plain'),
        ),
      },
    },
  ],
  ['has a secret of another kind', { contentType: 'application/octet-stream' }],
  ['has a secret that is no text', { secret: Buffer.from([0xff, 0xfe]) }],
  ['has a secret with a NUL in it', { secret: 'the\0secret' }],
  ['has no such item', { unlocked: [] }],
  ['has two such items', { unlocked: [item, `${item}2`] }],
  ['has a locked item', { unlocked: [], locked: [item] }],
  ['has a locked item, too', { locked: [`${item}2`] }],
];

/** Lets a client in, and tells it of something for ever. */
function flood(socket: Socket): void {
  const body = new Body().text('x'.repeat(1000)).bytes;
  const signal = message({ type: 4, replySerial: 0, signature: 's', body, isBigEndian: false });
  socket.write('OK 0\r\n');
  const more = () => {
    if (!socket.destroyed) socket.write(signal, () => setImmediate(more));
  };
  more();
}

/** Answers a client as one of {@link secretServiceFaults} does. */
export function serveFault(socket: Socket, service: (typeof secretServiceFaults)[number][1]): void {
  if (typeof service === 'function') service(socket);
  else serveSecrets(socket, service);
}
