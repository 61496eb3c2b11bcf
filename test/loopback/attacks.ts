import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** Where an attack goes, and what it knows: the state is the true one, since nothing else may protect us. */
export interface Target {
  readonly port: number;
  readonly state: string;
  /** Whether it is spoken to over TLS. */
  readonly isSecure?: boolean;
}

/** A request that is not the response, byte by byte, and the status of its answer; 0 is a closed connection. */
export interface Attack {
  readonly name: string;
  readonly status: number;
  words(target: Target): string | Buffer;
}

interface Parts {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  readonly host?: string | null;
  readonly headers?: string;
  readonly body?: string;
}

/** A whole request: the true response, but for what is given. */
export function requestWords({ port, state }: Target, parts: Parts = {}): string {
  const { method = 'GET', target = `/callback?code=c&state=${state}`, version = 'HTTP/1.1' } = parts;
  const { host = `localhost:${port}`, headers = '', body = '' } = parts;
  const hostLine = host === null ? '' : `Host: ${host}\r\n`;
  return `${method} ${target} ${version}\r\n${hostLine}${headers}\r\n${body}`;
}

function attack(name: string, status: number, parts: (target: Target) => Parts): Attack {
  return { name, status, words: (target) => requestWords(target, parts(target)) };
}

const hosts: readonly ((port: number) => string)[] = [
  () => 'evil.example',
  (port) => `evil.example:${port}`,
  (port) => `localhost.evil.example:${port}`,
  (port) => `evil.example:${port}@localhost`,
  (port) => `user@localhost:${port}`,
  (port) => `localhost.:${port}`,
  (port) => `localhost:0${port}`,
  (port) => `localhost:${port},evil.example`,
  (port) => `localhost:${port}/`,
  (port) => `127.0.0.1:${port}`,
  (port) => `[::1]:${port}`,
  (port) => `0.0.0.0:${port}`,
  () => 'localhost',
  () => 'localhost:1',
  () => '',
];

const paths = [
  '/',
  '/favicon.ico',
  '/callback/',
  '/Callback',
  '/%63allback',
  '/callback%00',
  '/callback;a=b',
  '/x/../callback',
  '/./callback',
  '//callback',
  '\\callback',
  '/done/',
  '/continue/',
  `/done/${'A'.repeat(32)}`,
];

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'];

/** Queries on the callback's path, given our state. */
const queries: readonly (readonly [name: string, query: (state: string) => string])[] = [
  ['no parameters', () => ''],
  ['a code alone', () => 'code=c'],
  ['an error alone', () => 'error=access_denied&error_description=x'],
  ['an error with a wrong state', () => 'error=access_denied&state=wrong'],
  ['an empty state', () => 'code=c&state='],
  ['a longer state', (state) => `code=c&state=${state}x`],
  ['a shorter state', (state) => `code=c&state=${state.slice(0, -1)}`],
  ['our state in capitals', (state) => `code=c&state=${state.toUpperCase()}`],
  ['our state and a space', (state) => `code=c&state=${state}+`],
  ['our state and a NUL', (state) => `code=c&state=${state}%00`],
  ['our state under another name', (state) => `code=c&State=${state}`],
  ['our state in a list', (state) => `code=c&state[]=${state}`],
  ['our state twice', (state) => `code=c&state=${state}&state=${state}`],
  ['a wrong state before ours', (state) => `code=c&state=wrong&state=${state}`],
  ['two codes', (state) => `code=c&code=d&state=${state}`],
  ['two errors', (state) => `error=a&error=b&state=${state}`],
  ['a code and an error', (state) => `code=c&error=e&state=${state}`],
  ['our state alone', (state) => `state=${state}`],
  ['half of an encoding', () => 'code=c&state=%'],
  ['a wrong encoding', () => 'code=c&state=%zz%'],
  ['an encoding of no character', () => 'code=c&state=%ff%fe'],
  ['an overlong encoding', (state) => `code=c&state=${state}%c0%80`],
  ['half of a surrogate pair', (state) => `code=c&state=${state}%ed%a0%80`],
  ['our state behind a fragment', (state) => `code=c#&state=${state}`],
  ['five thousand parameters', () => 'a&'.repeat(5000)],
];

const ahead = [
  'Sec-Purpose: prefetch',
  'Sec-Purpose: prefetch;prerender',
  'Purpose: prefetch',
  'X-Moz: prefetch',
];

const preflight =
  'Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n' +
  'Access-Control-Request-Private-Network: true\r\nAccess-Control-Request-Local-Network: true\r\n';

const wholes: readonly Attack[] = [
  attack('two hosts', 421, ({ port }) => ({ headers: `Host: localhost:${port}\r\n` })),
  attack('a forwarded host', 421, ({ port }) => ({
    host: 'evil.example',
    headers: `X-Forwarded-Host: localhost:${port}\r\n`,
  })),
  attack('no host', 400, () => ({ host: null })),
  attack('no host in HTTP/1.0', 421, () => ({ host: null, version: 'HTTP/1.0' })),
  attack('a private network preflight', 405, () => ({ method: 'OPTIONS', headers: preflight })),
  attack('an address for a proxy', 404, ({ port }) => ({ target: `http://localhost:${port}/callback` })),
  attack('everything', 404, () => ({ method: 'OPTIONS', target: '*' })),
  attack('a tunnel', 0, ({ port }) => ({ method: 'CONNECT', target: `localhost:${port}` })),
  attack('a method of nobody', 400, () => ({ method: 'FOO' })),
  attack('a method in small letters', 400, () => ({ method: 'get' })),
  attack('another protocol', 400, () => ({ version: 'ICY/1.1' })),
  attack('a wrong state that wants a web socket', 400, () => ({
    target: '/callback?state=wrong',
    headers: 'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  })),
  attack('an expectation of nobody', 404, () => ({ target: '/', headers: 'Expect: more\r\n' })),
  attack('a body that is announced and never comes', 405, () => ({
    method: 'POST',
    headers: 'Content-Length: 100000000\r\n',
    body: 'a',
  })),
  attack('a body in broken chunks', 405, () => ({
    method: 'POST',
    headers: 'Transfer-Encoding: chunked\r\n',
    body: 'zz\r\n',
  })),
  attack('two lengths', 400, () => ({ headers: 'Content-Length: 1\r\nContent-Length: 2\r\n' })),
  attack('a length and chunks', 400, () => ({
    headers: 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n',
  })),
  attack('a folded header', 400, () => ({ headers: 'X: a\r\n b\r\n' })),
  attack('a header without a colon', 400, () => ({ headers: 'X a\r\n' })),
  attack('a header with a NUL', 400, () => ({ headers: 'X: \0\r\n' })),
  attack('a huge header', 431, () => ({ headers: `X: ${'x'.repeat(70_000)}\r\n` })),
  attack('a thousand headers', 431, () => ({ headers: `X: ${'x'.repeat(70)}\r\n`.repeat(1000) })),
  attack('a huge address', 431, ({ state }) => ({
    target: `/callback?code=${'c'.repeat(70_000)}&state=${state}`,
  })),
  attack('bytes that are no ASCII', 400, ({ state }) => ({
    target: `/callback?code=\xff\xfe&state=${state}`,
  })),
  attack('a NUL in the address', 400, ({ state }) => ({ target: `/callback?code=\0&state=${state}` })),
  attack('a colour in the address', 400, () => ({ target: '/\x1b[31m' })),
  { name: 'lines without a return', status: 400, words: (to) => requestWords(to).replaceAll('\r', '') },
  { name: 'HTTP/2', status: 400, words: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { name: 'TLS', status: 400, words: () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
  { name: 'nonsense', status: 400, words: () => 'nonsense\r\n\r\n' },
  {
    name: 'fifty requests at once',
    status: 404,
    words: (to) => requestWords(to, { target: '/' }).repeat(50),
  },
];

/** Everything that is thrown at the callback. */
export const attacks: readonly Attack[] = [
  ...hosts.map((host) => attack(`the host "${host(3000)}"`, 421, ({ port }) => ({ host: host(port) }))),
  ...paths.map((path) =>
    attack(`the path ${path}`, path.startsWith('/') ? 404 : 400, ({ state }) => ({
      target: `${path}?code=c&state=${state}`,
    })),
  ),
  ...methods.map((method) => attack(`the method ${method}`, 405, () => ({ method }))),
  ...queries.map(([name, query]) =>
    attack(name, 400, ({ state }) => ({ target: `/callback?${query(state)}` })),
  ),
  ...ahead.map((header) =>
    attack(`a visit ahead of time (${header})`, 503, () => ({ headers: `${header}\r\n` })),
  ),
  ...wholes,
];

/** Sends one attack on a connection of its own, and hears the status of its only answer; 0 when there is none. */
export async function attackWith(attack: Attack, target: Target, address: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { heard, wasReset } = await exchange(attack.words(target), target, address);
    // Whoever is refused while still sending may lose the answer: that is how TCP ends.
    if (heard === '' && wasReset && attempt < 10) continue;
    const statuses = [...heard.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
    return statuses.length > 1 ? Number.NaN : (statuses[0] ?? 0);
  }
}

/** Opens a connection that words can be said on. Whose certificate it is, no attacker minds. */
function connectTo({ port, isSecure }: Target, address: string): Socket {
  return isSecure
    ? connectSecurely({ host: address, port, rejectUnauthorized: false })
    : connect({ host: address, port });
}

function exchange(words: string | Buffer, target: Target, address: string) {
  return new Promise<{ readonly heard: string; readonly wasReset: boolean }>((resolve) => {
    let heard = '';
    let wasReset = false;
    const socket = connectTo(target, address);
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      wasReset = error.code !== 'ECONNREFUSED';
    });
    socket.once('close', () => resolve({ heard, wasReset }));
    socket.write(typeof words === 'string' ? Buffer.from(words, 'latin1') : words);
  });
}

/** Attacks with every kind in turn, so many at a time on each address, until so many have been answered. */
export async function attackAtOnce(
  target: Target,
  addresses: readonly string[],
  count: number,
  atOnce = 40,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  let next = 0;
  const attacker = async () => {
    for (let index = next++; index < count; index = next++) {
      const kind = attacks[Math.floor(index / addresses.length) % attacks.length];
      const address = addresses[index % addresses.length];
      if (kind === undefined || address === undefined) return;
      const status = await attackWith(kind, target, address);
      if (status !== kind.status)
        wrong.push(`${kind.name} on ${address}: ${status} instead of ${kind.status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attacker));
  return wrong;
}

/**
 * Opens so many connections that say nothing, or one of these beginnings and then a letter now and then, and never end
 * by themselves. Resolves when all have been taken, or ended, by the other side.
 */
export async function holdOpen(
  target: Pick<Target, 'port' | 'isSecure'>,
  addresses: readonly string[],
  count: number,
  beginnings: readonly string[],
): Promise<{ readonly open: number; readonly closed: Promise<unknown> }> {
  const beginningOf = (index: number) =>
    beginnings[Math.floor(index / addresses.length) % beginnings.length] ?? '';
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = connectTo({ ...target, state: '' }, addresses[index % addresses.length] ?? '');
    socket.on('error', () => {});
    socket.write(beginningOf(index));
    return socket;
  });
  const ends = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  const dripping = setInterval(() => {
    for (const [index, socket] of sockets.entries()) {
      if (socket.writable && beginningOf(index) !== '') socket.write('x');
    }
  }, 50);
  const starts = sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve)));
  await Promise.all(starts.map((start, index) => Promise.race([start, ends[index]])));
  return {
    get open() {
      return sockets.filter((socket) => !socket.closed).length;
    },
    closed: Promise.all(ends).finally(() => clearInterval(dripping)),
  };
}
