import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../src/network/create-fetch.js';
import { certificateFile } from '../support/certificate-files.js';
import { listenOnLoopback, readText, startLocalServer } from '../support/local-server.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { writtenBy } from '../support/text-encodings.js';
import { get, serve } from './local-fetch.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serveRaw(answer: string | Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  const port = await listenOnLoopback(server);
  cleanups.push(async () => server.close());
  return `http://127.0.0.1:${port}`;
}

describe('a request', () => {
  it('carries method, headers, body and our name, and neither origin nor cookie', async () => {
    const seen: unknown[] = [];
    const { origin } = await serve(async (request, response) => {
      seen.push([request.method, request.url, request.headers, await readText(request)]);
      response.setHeader('Set-Cookie', 'a=b').end('fine');
    });
    const fetch = await createFetch({ environment: {}, version: '1.2.3' });
    await fetch(`${origin}/first`);
    const response = await fetch(`${origin}/token?x=1`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'User-Agent': 'another' },
      body: new URLSearchParams({ a: 'b c' }),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('fine');
    const [method, url, headers, body] = seen[1] as [string, string, Record<string, string>, string];
    expect([method, url, body]).toEqual(['POST', '/token?x=1', 'a=b+c']);
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'logto-cli/1.2.3',
    });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['origin']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
  });

  it('asks for the encodings that somebody names, and else for none', async () => {
    const asked: unknown[] = [];
    const { origin } = await serve((request, response) => {
      asked.push(request.headers['accept-encoding']);
      response.end();
    });
    await get(origin);
    await (await createFetch({ environment: {} }))(origin, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(asked).toEqual(['identity', 'gzip']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])('of %s tells where its body ends', async (method) => {
    const seen: unknown[] = [];
    const { origin } = await serve(async (request, response) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      seen.push([request.method, await readText(request), length, encoding]);
      response.end('fine');
    });
    const fetch = await createFetch({ environment: {} });
    await fetch(origin, { method, body: 'a=\u00e9' });
    // The next one on the same connection is not read as a part of that.
    await fetch(origin, { method: 'POST' });
    expect(seen).toEqual([
      [method, 'a=\u00e9', '4', undefined],
      ['POST', '', '0', undefined],
    ]);
  });

  it.each([200, 201, 204, 304, 400, 401, 404, 500, 503])(
    'hands over an answer of status %i',
    async (status) => {
      const { origin } = await serve((_, response) => response.writeHead(status, { 'X-A': 'b' }).end());
      const response = await get(origin);
      expect(response.status).toBe(status);
      expect(response.headers.get('x-a')).toBe('b');
    },
  );

  it('follows no redirect', async () => {
    const paths: string[] = [];
    const { origin } = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    const response = await get(`${origin}/start`);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/elsewhere');
    expect(paths).toEqual(['/start']);
  });
});

describe('connections', () => {
  it('are used again, as many as there are requests at once', async () => {
    const ports: (number | undefined)[] = [];
    const { origin } = await serve(async (request, response) => {
      ports.push(request.socket.remotePort);
      await readText(request);
      // Later than all requests that come at once.
      setTimeout(() => response.end('fine'), 50);
    });
    const fetch = await createFetch({ environment: {} });
    const read = async () => (await fetch(origin, { method: 'POST', body: 'x' })).text();
    await read();
    await read();
    expect(new Set(ports).size).toBe(1);
    await Promise.all([read(), read(), read()]);
    await read();
    expect(new Set(ports).size).toBe(3);
  });

  it('over TLS are, too', async () => {
    const ports = new Set<number | undefined>();
    const { origin } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('fine');
    }, 'localhost');
    const fetch = await createFetch({ environment: {}, caFile: certificateFile('authority') });
    for (const path of ['/a', '/b', '/c']) await (await fetch(origin + path)).text();
    expect(ports.size).toBe(1);
  });

  it('are not used again when the server says so, nor where it could not keep them long enough', async () => {
    for (const header of [{ Connection: 'close' }, { 'Keep-Alive': 'timeout=0' }]) {
      const ports = new Set<number | undefined>();
      const { origin } = await serve((request, response) => {
        ports.add(request.socket.remotePort);
        response.writeHead(200, header).end('fine');
      });
      const fetch = await createFetch({ environment: {} });
      for (const path of ['/a', '/b']) await (await fetch(origin + path)).text();
      expect(ports.size).toBe(2);
    }
  });

  it('to an address of IPv6 work, and credentials in an address are not sent', async ({ skip }) => {
    const seen: (string | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      seen.push(request.headers.host, request.headers.authorization);
      response.end('fine');
    });
    cleanups.push(async () => server.close());
    const isBound = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true));
    });
    if (!isBound) skip('no IPv6 here');
    const host = `[::1]:${(server.address() as AddressInfo).port}`;
    expect(await (await get(`http://user:sesame@${host}/`)).text()).toBe('fine');
    expect(seen).toEqual([host, undefined]);
  });
});

describe('headers', () => {
  it('come one by one, as bytes', async () => {
    const origin = await serveRaw(
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-A: b\r\nset-cookie: c=d, e\r\nx-a: \xe9\r\nContent-Length: 0\r\n\r\n',
    );
    const { headers } = await get(origin);
    expect(headers.getSetCookie()).toEqual(['a=1', 'c=d, e']);
    // Written as UTF-8, read as bytes, as the Fetch standard has it.
    expect(headers.get('x-a')).toBe('b, \xc3\xa9');
  });

  it('that cannot be sent are a failure of their own', async () => {
    const { origin } = await serve((_, response) => response.end());
    const fetch = await createFetch({ environment: {} });
    await expect(fetch(origin, { headers: { a: 'b\r\nc: d' } })).rejects.toMatchObject({
      code: 'provider_error',
      details: { reason: 'ERR_INVALID_CHAR' },
    });
  });
});

describe('a body', () => {
  const text = 'It is what it is. '.repeat(1000);

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('in %s is decoded', async (encoding, bytes) => {
    const { origin } = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes),
    );
    const response = await get(origin);
    expect(await response.text()).toBe(text);
    expect(response.headers.has('content-encoding')).toBe(false);
  });

  it.each([
    ['zstd', Buffer.from(text)],
    ['constructor', Buffer.from(text)],
    ['__proto__', Buffer.from(text)],
    ['gzip', Buffer.from(text)],
    ['gzip', gzipSync(text).subarray(0, 40)],
    ['gzip, gzip', gzipSync(gzipSync(text))],
  ])('that is not properly %s is a provider_error', async (encoding, bytes) => {
    const { origin } = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes),
    );
    await expect(get(origin)).rejects.toMatchObject({ name: 'LogtoError', code: 'provider_error' });
  });

  it.each([
    ['of 5 MB', {}, Buffer.alloc(5 * 1024 * 1024, 'x')],
    ['of one byte too many', {}, Buffer.alloc(1024 * 1024 + 1, 'x')],
    ['that is a gzip bomb', { 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(200 * 1024 * 1024))],
    [
      'that is a brotli bomb',
      { 'Content-Encoding': 'br' },
      brotliCompressSync(Buffer.alloc(20 * 1024 * 1024)),
    ],
  ])('%s is refused', async (_, headers, bytes) => {
    const { origin } = await serve((_request, response) => response.writeHead(200, headers).end(bytes));
    await expect(get(origin)).rejects.toMatchObject({
      code: 'provider_error',
      details: { limitBytes: 1024 * 1024 },
    });
  });

  it('of exactly 1 MB is read, compressed or not', async () => {
    const bytes = Buffer.alloc(1024 * 1024, 'x');
    const { origin } = await serve((request, response) =>
      request.url === '/gzip'
        ? response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(bytes))
        : response.end(bytes),
    );
    for (const path of ['/', '/gzip']) {
      expect(await (await get(origin + path)).text()).toHaveLength(1024 * 1024);
    }
  });

  it('without end is refused at the limit', async () => {
    const { origin } = await serve((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
      };
      response.on('drain', more);
      more();
    });
    await expect(get(origin)).rejects.toMatchObject({ details: { limitBytes: 1024 * 1024 } });
  });
});

describe('time', () => {
  it.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['stops in the middle', (_, response) => void response.writeHead(200).write('{')],
    [
      'drips its body',
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('runs out where a server %s', async (_, listener) => {
    const { origin } = await serve(listener);
    await expect(get(origin, { timeout: 300 })).rejects.toMatchObject({ code: 'request_timeout' });
  });

  it('runs out where a TLS server never greets', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    const port = await listenOnLoopback(server);
    cleanups.push(async () => server.close());
    await expect(get(`https://127.0.0.1:${port}`, { timeout: 300 })).rejects.toMatchObject({
      code: 'request_timeout',
    });
  });

  it.each([0, 1])('ends with the reason of the caller who gives up (in the body: %i)', async (inBody) => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const closed: Promise<unknown>[] = [];
    const { origin } = await serve((request, response) => {
      closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
      if (inBody) response.writeHead(200).write('x');
      setImmediate(() => controller.abort(reason));
    });
    await expect(get(origin, {}, controller.signal)).rejects.toBe(reason);
    await expect(get(origin, {}, controller.signal)).rejects.toBe(reason);
    expect(closed).toHaveLength(1);
    await closed[0];
  });

  it('asks for nothing where the caller gives up at once', async () => {
    let asked = 0;
    const { origin } = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    const fetch = await createFetch({ environment: {} });
    const answer = fetch(origin, { signal: controller.signal });
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    // What had been sent would have come before this.
    await fetch(origin);
    expect(asked).toBe(1);
  });
});

describe('failures have names', () => {
  it('a refused connection is network_unreachable and names the host', async () => {
    const server = await startLocalServer(() => {});
    await server.close();
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(get(`http://${host}:${server.port}/`)).rejects.toMatchObject({
        code: 'network_unreachable',
        message: expect.stringContaining(`${host}:${server.port}`),
        details: { reason: 'ECONNREFUSED' },
      });
    }
  });

  it('a name that does not exist is network_unreachable', async () => {
    await expect(get('https://nowhere.invalid/')).rejects.toMatchObject({
      code: 'network_unreachable',
      message: expect.stringContaining('nowhere.invalid'),
    });
  });

  it.each<[string, RequestListener]>([
    ['before the answer', (request) => void request.socket.destroy()],
    [
      'in the body',
      (request, response) => {
        response.writeHead(200, { 'Content-Length': 100 }).write('x');
        setTimeout(() => request.socket.destroy(), 50);
      },
    ],
  ])('a connection that is closed %s is network_unreachable', async (_, listener) => {
    const { origin } = await serve(listener);
    await expect(get(origin)).rejects.toMatchObject({
      code: 'network_unreachable',
      message: expect.stringContaining('gave no whole answer: the connection was closed before the whole'),
      // Somebody is there.
      hint: expect.not.stringContaining('that the provider runs'),
    });
  });

  it.each([
    [
      'that is whole is taken, whatever comes behind it',
      'Content-Length: 4\r\n\r\nfine<p>500 Internal Server Error',
      'fine',
    ],
    ['that is broken by what comes is not', 'Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n<p>500', null],
  ])('an answer %s', async (_, answer, text) => {
    const url = await serveRaw(`HTTP/1.1 200 OK\r\n${answer}`);
    const asked = get(url).then((response) => response.text());
    if (text === null) await expect(asked).rejects.toMatchObject({ code: 'provider_error' });
    else expect(await asked).toBe(text);
  });

  it('a connection that is reset is told apart from one that is closed', async () => {
    const { origin } = await serve((request) => void request.socket.resetAndDestroy());
    await expect(get(origin)).rejects.toMatchObject({
      code: 'network_unreachable',
      message: expect.stringContaining('the connection was reset'),
    });
  });

  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['an impossible status', 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Odd\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a bad content-length', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('%s is a provider_error', async (_, answer) => {
    await expect(get(await serveRaw(answer))).rejects.toMatchObject({ code: 'provider_error' });
  });

  it.each([
    ['101 Odd\r\nConnection: upgrade\r\nUpgrade: x', '101, and no other protocol was asked for'],
    ['999 Odd\r\nContent-Length: 0', '999, which does not exist'],
    ['099 Odd\r\nContent-Length: 0', '99, which does not exist'],
  ])('an answer that begins with %j is told for what it is', async (head, words) => {
    await expect(get(await serveRaw(`HTTP/1.1 ${head}\r\n\r\n`))).rejects.toMatchObject({
      message: expect.stringContaining(`answered with the HTTP status ${words}.`),
    });
  });

  it('TLS where plain HTTP is spoken is tls_untrusted, and http: is named for this machine', async () => {
    const { port } = await serve((_, response) => response.end());
    await expect(get(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'tls_untrusted',
      message: expect.stringContaining(`127.0.0.1:${port} does not seem to speak TLS`),
      hint: expect.stringMatching(new RegExp(`: http://127\\.0\\.0\\.1:${port}$`)),
    });
  });

  it('plain HTTP where TLS is spoken is told by the alert that comes back, and by nothing else', async () => {
    // A fatal handshake_failure, as a server sends it that takes the request for a ClientHello.
    const origin = await serveRaw(Buffer.from('15030100020228', 'hex'));
    await expect(get(origin)).rejects.toMatchObject({
      code: 'provider_error',
      message: expect.stringContaining('seems to speak TLS'),
      hint: expect.stringMatching(/: https:\/\/127\.0\.0\.1:\d+$/),
    });
    for (const answer of ['\x15HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', '\x15\x02\x03\x00\x02']) {
      await expect(get(await serveRaw(answer))).rejects.toMatchObject({
        message: expect.stringContaining('gave an unusable HTTP answer'),
        hint: expect.not.stringContaining('https://'),
      });
    }
  });

  it('TLS where plain HTTP is spoken is told through a proxy, too', async () => {
    const { port } = await serve((_, response) => response.end());
    const proxy = await startRecordingProxy(port);
    cleanups.push(proxy.close);
    const fetch = await createFetch({ environment: { HTTPS_PROXY: proxy.url } });
    await expect(fetch('https://provider.test')).rejects.toMatchObject({
      code: 'tls_untrusted',
      message: expect.stringMatching(/^provider\.test \(through the proxy \S+\) does not seem to speak TLS/),
      hint: 'Check the port, and HTTPS_PROXY.',
    });
  });

  it('a TLS alert is of a TLS server, whatever else is wrong', async () => {
    const origin = await serveRaw(Buffer.from('15030100020228', 'hex'));
    await expect(get(origin.replace('http:', 'https:'))).rejects.toMatchObject({
      code: 'tls_untrusted',
      message: expect.stringContaining('is not to be trusted'),
      hint: expect.not.stringContaining('http://'),
    });
  });
});

describe('TLS', () => {
  const caFile = certificateFile('authority');

  it('refuses an unknown authority and says how to trust it', async () => {
    const { origin } = await serve((_, response) => response.end(), 'localhost');
    await expect(get(origin)).rejects.toMatchObject({
      code: 'tls_untrusted',
      hint: expect.stringMatching(/--ca-file.*NODE_EXTRA_CA_CERTS/),
    });
  });

  it('trusts the authority of the CA file', async () => {
    const { origin } = await serve((_, response) => response.end('fine'), 'localhost');
    expect(await (await get(origin, { caFile })).text()).toBe('fine');
  });

  it.each([
    ['expired', 'Renew'],
    ['elsewhere', 'host name'],
  ] as const)('refuses a certificate that is %s', async (name, hint) => {
    const { origin } = await serve((_, response) => response.end(), name);
    await expect(get(origin, { caFile })).rejects.toMatchObject({
      code: 'tls_untrusted',
      hint: expect.stringContaining(hint),
    });
  });

  it('is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says, through a proxy too', async () => {
    const secure = await serve((_, response) => response.end(), 'elsewhere');
    const proxy = await startRecordingProxy(secure.port);
    cleanups.push(proxy.close);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await expect(get(secure.origin)).rejects.toMatchObject({ code: 'tls_untrusted' });
      await expect(
        get('https://elsewhere.test/', { environment: { HTTPS_PROXY: proxy.url } }),
      ).rejects.toMatchObject({ code: 'tls_untrusted' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  it('adds the CA file to what is trusted anyway', async () => {
    const { trustedRoots } = await import('../../src/network/trusted-roots.js');
    const { rootCertificates } = await import('node:tls');
    const roots = await trustedRoots(caFile, {});
    const squeezed = new Set(roots.map((pem) => pem.replaceAll(/\s/g, '')));
    expect(rootCertificates.filter((pem) => !squeezed.has(pem.replaceAll(/\s/g, '')))).toEqual([]);
    expect(roots.length).toBeGreaterThan(rootCertificates.length);
  });

  it.each(Object.entries(writtenBy))('reads a CA file that was written as %s', async (_, write) => {
    const directory = await mkdtemp(join(tmpdir(), 'logto-cli-ca-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const file = join(directory, 'ca.pem');
    const pem = await readFile(caFile, 'utf8');
    await writeFile(file, write(`remarks\n${pem.replace(/^/gm, '  ')}`));
    const { origin } = await serve((_request, response) => response.end('fine'), 'localhost');
    expect(await (await get(origin, { caFile: file })).text()).toBe('fine');
  });

  it('refuses a CA file that is absent, empty, broken or no certificate', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'logto-cli-ca-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const broken = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n';
    const key = '-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n';
    for (const [name, text] of Object.entries({ empty: '', garbage: 'x\0y', broken, key })) {
      await writeFile(join(directory, name), text);
    }
    for (const name of ['empty', 'garbage', 'broken', 'key', 'absent', '.']) {
      await expect(createFetch({ environment: {}, caFile: join(directory, name) })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(directory),
      });
    }
  });
});

describe('a proxy', () => {
  const caFile = certificateFile('authority');

  it('is asked for a tunnel to an https host, credentials included', async () => {
    const { port } = await serve((request, response) => response.end(request.url), 'localhost');
    const elsewhere = await serve((request, response) => response.end(request.url), 'elsewhere');
    const proxy = await startRecordingProxy(elsewhere.port);
    cleanups.push(proxy.close);
    const HTTPS_PROXY = proxy.url.replace('//', '//user:p%40ss@');
    const options = { caFile, environment: { HTTPS_PROXY } };
    const response = await get('https://elsewhere.test/path?a=b', options);
    expect(await response.text()).toBe('/path?a=b');
    expect(proxy.requests).toEqual(['CONNECT elsewhere.test:443']);
    expect(proxy.credentials).toEqual([`Basic ${btoa('user:p@ss')}`]);
    // Loopback hosts are reached directly.
    expect(await (await get(`https://localhost:${port}/direct`, options)).text()).toBe('/direct');
    expect(proxy.requests).toHaveLength(1);
  });

  it.each([
    ['token@', 'token:'],
    [':p%C3%A4ss@', ':päss'],
    ['user:p%3As%25s@', 'user:p:s%s'],
  ])('is given the credentials of "%s", where one of the two is empty too', async (written, sent) => {
    const proxy = await startRecordingProxy(null, 407);
    cleanups.push(proxy.close);
    const environment = { HTTPS_PROXY: proxy.url.replace('//', `//${written}`) };
    await expect(get('https://provider.test/', { environment })).rejects.toMatchObject({
      message: expect.stringContaining('does not accept the user name and password'),
    });
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from(sent).toString('base64')}`]);
  });

  it('forwards what goes to an http host', async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host));
    const proxy = await startRecordingProxy(port);
    cleanups.push(proxy.close);
    const response = await get('http://provider.test/path', { environment: { http_proxy: proxy.url } });
    expect(await response.text()).toBe('provider.test');
    expect(proxy.requests).toEqual(['GET http://provider.test/path']);
  });

  it.each(['directly', 'through a proxy'])(
    'sends a POST once, %s, though its connection is cut',
    async (way) => {
      const isProxied = way !== 'directly';
      const seen: string[] = [];
      const { port } = await serve(
        (request, response) => {
          seen.push(`${request.method}`);
          if (request.method === 'GET') response.end('fine');
          else request.socket.destroy();
        },
        isProxied ? 'elsewhere' : 'localhost',
      );
      const proxy = await startRecordingProxy(port);
      cleanups.push(proxy.close);
      const fetch = await createFetch({ caFile, environment: { HTTPS_PROXY: proxy.url } });
      const origin = isProxied ? 'https://elsewhere.test' : `https://localhost:${port}`;
      await fetch(`${origin}/keys`);
      await expect(fetch(`${origin}/token`, { method: 'POST', body: 'code=once' })).rejects.toMatchObject({
        code: 'network_unreachable',
      });
      expect(seen).toEqual(['GET', 'POST']);
      expect(proxy.requests.length > 0).toBe(isProxied);
    },
  );

  it('is left out for the hosts of NO_PROXY', async () => {
    const proxy = await startRecordingProxy(null);
    cleanups.push(proxy.close);
    const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: '.invalid' };
    await expect(get('https://provider.invalid/', { environment })).rejects.toMatchObject({
      code: 'network_unreachable',
    });
    expect(proxy.requests).toEqual([]);
  });

  it('that refuses, or is not there, is named without its credentials', async () => {
    const refusing = await startRecordingProxy(null);
    cleanups.push(refusing.close);
    const gone = await startLocalServer(() => {});
    await gone.close();
    for (const url of [refusing.url, gone.origin]) {
      const environment = { HTTPS_PROXY: url.replace('//', '//user:sesame@') };
      const error = await get('https://provider.test/', { environment }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'network_unreachable',
        message: expect.stringContaining(new URL(url).host),
        hint: expect.stringContaining('HTTPS_PROXY'),
      });
      expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
    }
  });

  it.each([
    [407, '', 'wants a user name and a password', 'http://user:password@host:port'],
    [407, 'user:sesame@', 'does not accept the user name and password', 'Correct them in HTTPS_PROXY'],
    [403, 'user:sesame@', 'forbids the connection', 'ask whoever runs the proxy'],
    [502, '', 'could not connect to it', 'Check the address of the provider'],
    [405, '', 'refused to connect to it', 'allows CONNECT'],
  ])('that answers %i to "%s" is told for what it is', async (status, credentials, words, hint) => {
    const proxy = await startRecordingProxy(null, status);
    cleanups.push(proxy.close);
    const environment = { HTTPS_PROXY: proxy.url.replace('//', `//${credentials}`) };
    const error = await get('https://provider.test/', { environment }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'network_unreachable',
      message: expect.stringContaining(words),
      hint: expect.stringContaining(hint),
      details: { proxyStatus: status },
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
  });

  it.each([
    ['closes the connection', '', 'at the proxy, the connection was closed before there was a tunnel'],
    ['is none', 'SSH-2.0-OpenSSH_9.0\r\n', 'at the proxy, what answers does not speak HTTP'],
  ])('that %s is asked once, and told for what it is', async (_, answer, words) => {
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    const port = await listenOnLoopback(proxy);
    cleanups.push(async () => proxy.close());
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    await expect(get('https://provider.test/', { environment, timeout: 3_000 })).rejects.toMatchObject({
      code: 'network_unreachable',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(connections).toBe(1);
  });

  it('wants credentials also where it forwards, and its variable is named as it is written', async () => {
    const proxy = await startRecordingProxy(null, 407);
    cleanups.push(proxy.close);
    await expect(
      get('http://provider.test/', { environment: { http_proxy: proxy.url } }),
    ).rejects.toMatchObject({
      code: 'network_unreachable',
      hint: expect.stringContaining('Put them into http_proxy'),
      details: { proxyStatus: 407 },
    });
  });

  it('that is not there is told apart from a provider that is not', async () => {
    const gone = await startLocalServer(() => {});
    await gone.close();
    await expect(
      get('https://provider.test/', { environment: { HTTPS_PROXY: gone.origin } }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('at the proxy, the connection was refused'),
    });
  });

  it('of the process is ignored where the given environment names none', async () => {
    const { origin } = await serve((_, response) => response.end('fine'));
    expect((await get(origin)).status).toBe(200);
  });
});
