/**
 * The program that calls the keychain, in a process of its own: a call that hangs cannot be ended otherwise, and it
 * can take its process down. CommonJS and two modules, because every process of ours that needs a token starts it.
 *
 * It reads one request a line from stdin and writes one answer a line to stdout, in turn; the first line says whether
 * there is a keychain to ask, and a line with `isWorking` that the keychain has answered but the request is not done.
 * It ends when stdin does.
 */
import fs = require('node:fs');
import path = require('node:path');

/** The part of keytar that is used. */
interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

interface Request {
  readonly operation: 'get' | 'set' | 'delete';
  readonly service: string;
  readonly account: string;
  readonly value?: string;
}

const keytar = loadKeytar();
if (keytar !== null) {
  // Ctrl-C reaches the whole group; the process that started us decides what becomes of a write under way.
  process.on('SIGINT', () => {});
  say({});
  listen(keytar);
}

function loadKeytar(): Keytar | null {
  try {
    return require('keytar') as Keytar;
  } catch {
    say({ error: whyNoKeytar() });
    return null;
  }
}

/** keytar does not tell why its binary did not load; the loader does. */
function whyNoKeytar(): string {
  let folder: string;
  try {
    folder = path.dirname(require.resolve('keytar/package.json'));
  } catch {
    return 'the optional package keytar is not installed';
  }
  try {
    const binary = path.join(folder, 'prebuilds', `${process.platform}-${process.arch}`, 'keytar.node');
    process.dlopen({ exports: {} }, binary);
    return 'keytar did not load';
  } catch (error) {
    return messageOf(error);
  }
}

function listen(keychain: Keytar): void {
  const block = Buffer.alloc(65_536);
  let line: Buffer[] = [];
  let work: Promise<void> = Promise.resolve();
  const read = (): void => {
    fs.read(0, block, 0, block.length, null, (error, length) => {
      if (error !== null || length === 0) {
        // A write under way may end; a call that hangs would keep us for ever, also from an orderly exit.
        setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5_000).unref();
        return;
      }
      let rest = Buffer.from(block.subarray(0, length));
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        const request = Buffer.concat([...line, rest.subarray(0, end)]).toString();
        work = work.then(() => answer(keychain, JSON.parse(request) as Request));
        line = [];
        rest = rest.subarray(end + 1);
      }
      line.push(rest);
      read();
    });
  };
  read();
}

async function answer(keychain: Keytar, request: Request): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return say({ value: await perform(keychain, request) });
    } catch (error) {
      const said = messageOf(error);
      // libsecret searches first and then asks for what it found, which a sibling has deleted meanwhile.
      const hasVanished = /^(object does not exist|no such interface).*\/\d+\W*$/i.test(said);
      if (!hasVanished || attempt === 20) return say({ error: said });
      say({ isWorking: true });
      await new Promise((resolve) => setTimeout(resolve, attempt * 5));
    }
  }
}

async function perform(keychain: Keytar, { operation, service, account, value }: Request) {
  if (operation === 'get') return await keychain.getPassword(service, account);
  await keychain.setPassword(service, account, value ?? '');
  if (operation === 'set') return null;
  // A locked keyring of Linux says of a secret that is there "nothing to delete". It refuses to be written to, so
  // what was written is either refused loudly or has already replaced the secret.
  say({ isWorking: true });
  await keychain.deletePassword(service, account);
  return null;
}

function say(message: object): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += fs.writeSync(1, bytes, sent);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
