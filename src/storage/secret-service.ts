import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { DBusWriter } from './dbus-message.js';
import { SessionBus } from './session-bus.js';

/** Where libsecret keeps secrets in a file of a sandbox instead. */
const sandbox = '/.flatpak-info';

const destination = 'org.freedesktop.secrets';
const path = '/org/freedesktop/secrets';
const namespace = 'org.freedesktop.Secret';

/** The schema of keytar's items (keytar_posix.cc), by which libsecret looks for them, too. */
const schema = 'org.freedesktop.Secret.Generic';

/** The second Oakley group (RFC 2409, section 6.2), whose generator is 2. */
const prime =
  0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffffn;
const primeBytes = 128;

interface Session {
  readonly path: string;
  readonly key: Buffer;
}

/**
 * Reads a secret from the Secret Service (https://specifications.freedesktop.org/secret-service/0.2/) in this process,
 * where there is no doubt about it. Whatever is not as usual is left to keytar, in a process of its own.
 *
 * It reads what keytar would: by the same attributes, over the same bus, encrypted between the service and here as
 * libsecret has it. No prompt is asked for, and no service started.
 */
export class SecretService {
  readonly #bus: SessionBus;
  readonly #session: Promise<Session>;

  /**
   * Connects, and does not wait for it.
   *
   * @param environment where the bus is found
   * @returns `null` where there is none that is understood
   */
  static connect(environment: Readonly<Record<string, string | undefined>>): SecretService | null {
    if (process.platform !== 'linux' || existsSync(sandbox)) return null;
    const bus = SessionBus.connect(environment);
    return bus === null ? null : new SecretService(bus);
  }

  private constructor(bus: SessionBus) {
    this.#bus = bus;
    this.#session = this.#openSession();
    this.#session.catch(() => {}); // nobody may ever ask for it
  }

  /** Resolves when the service has been asked for a session, or when it is clear that it cannot be. */
  get begun(): Promise<void> {
    return this.#bus.begun;
  }

  /**
   * The secret of the only item of an account; `null` where that cannot be told here: there is none or more than one, it
   * is locked, or anything is otherwise than usual. Then the connection has ended, and nothing can be told any more.
   *
   * @param limit how long it may take, in milliseconds
   */
  async read(service: string, account: string, limit: number): Promise<string | null> {
    let clock: NodeJS.Timeout | undefined;
    const silence = new Promise<null>((resolve) => {
      clock = setTimeout(resolve, limit, null);
    });
    let secret: string | null = null;
    try {
      secret = await Promise.race([this.#read(service, account), silence]);
    } catch {
      // What is wrong is found by keytar, too, and told by it.
    } finally {
      clearTimeout(clock);
    }
    if (secret === null) this.close();
    return secret;
  }

  /** Gives it up. */
  close(): void {
    this.#bus.close();
  }

  async #read(service: string, account: string): Promise<string> {
    // One call after the other: gnome-keyring may end, and with it what is unlocked, where a client that it does not know
    // yet calls twice at once (`gkd_secret_service_get_pkcs11_session: assertion 'client' failed`).
    const session = await this.#session;
    const item = await this.#find(service, account);
    const answer = await this.#bus.call(
      {
        destination,
        path: item,
        interface: `${namespace}.Item`,
        member: 'GetSecret',
        signature: 'o',
        body: new DBusWriter().string(session.path),
      },
      '(oayays)',
    );
    const [usedSession, iv, encrypted, type] = [
      answer.string(),
      answer.byteArray(),
      answer.byteArray(),
      answer.string(),
    ];
    if (usedSession !== session.path || type !== 'text/plain' || !answer.isAtEnd) throw unusual();
    const { createDecipheriv } = process.getBuiltinModule('node:crypto');
    const decipher = createDecipheriv('aes-128-cbc', session.key, iv);
    const secret = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    // keytar has other things to say of these.
    if (!isUtf8(secret) || secret.includes(0)) throw unusual();
    return secret.toString();
  }

  async #find(service: string, account: string): Promise<string> {
    const attributes = { 'xdg:schema': schema, service, account };
    const body = new DBusWriter().array(8, (writer) => {
      for (const [name, value] of Object.entries(attributes)) writer.align(8).string(name).string(value);
    });
    const answer = await this.#bus.call(
      {
        destination,
        path,
        interface: `${namespace}.Service`,
        member: 'SearchItems',
        signature: 'a{ss}',
        body,
      },
      'aoao',
    );
    const [unlocked, locked] = [answer.strings(), answer.strings()];
    const [item] = unlocked;
    if (item === undefined || unlocked.length + locked.length > 1 || !answer.isAtEnd) throw unusual();
    return item;
  }

  /** Agrees with the service upon a key (Diffie-Hellman), so that no secret is on the bus as it is. */
  async #openSession(): Promise<Session> {
    const { hkdfSync, randomBytes } = process.getBuiltinModule('node:crypto');
    // Node's own checks each time that the prime is one, which takes 25 ms. Short exponents are enough (RFC 7919, 5.2).
    const exponent = toBigInt(randomBytes(32));
    const body = new DBusWriter()
      .string('dh-ietf1024-sha256-aes128-cbc-pkcs7')
      .signature('ay')
      .byteArray(toBytes(power(2n, exponent)));
    const answer = await this.#bus.call(
      { destination, path, interface: `${namespace}.Service`, member: 'OpenSession', signature: 'sv', body },
      'vo',
    );
    if (answer.signature() !== 'ay') throw unusual();
    const theirs = answer.byteArray();
    const session = answer.string();
    const value = toBigInt(theirs);
    if (!answer.isAtEnd || value < 2n || value > prime - 2n) throw unusual();
    const nothing = Buffer.alloc(0);
    const key = Buffer.from(hkdfSync('sha256', toBytes(power(value, exponent)), nothing, nothing, 16));
    return { path: session, key };
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % prime;
    if (bit === '1') result = (result * base) % prime;
  }
  return result;
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x0${bytes.toString('hex')}`);
}

/** As many bytes as the prime has, which the service counts on, too. */
function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * primeBytes, '0'), 'hex');
}

function unusual(): Error {
  return new Error('not as usual');
}
