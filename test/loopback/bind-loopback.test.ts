import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createNetServer, type Server as NetServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bindError } from '../../src/loopback/bind-error.js';
import { bindLoopback } from '../../src/loopback/bind-loopback.js';
import { countedProcesses } from '../support/counted-processes.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { ask, say } from './http-client.js';
import { hasIpv6, listen, signedIn, state } from './listener.js';

/** Somebody else who listens there; ends with the test. */
async function occupy(host: string, port: number): Promise<NetServer> {
  const server = createNetServer();
  server.listen({ host, port, ipv6Only: true });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createNetServer();
  const listening = once(server, 'listening');
  server.listen({ host, port, ipv6Only: true });
  const free = await listening.then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** A server that fails to listen where `errors` names one for its address, and is real otherwise. */
function failingServers(errors: Readonly<Record<string, readonly string[]>>): {
  create: () => Server;
  made: Server[];
} {
  const left = new Map(Object.entries(errors).map(([address, codes]) => [address, [...codes]]));
  const made: Server[] = [];
  const create = () => {
    const server = createServer();
    made.push(server);
    const listen = server.listen.bind(server) as (options: unknown) => Server;
    server.listen = ((options: { host: string }) => {
      const code = left.get(options.host)?.shift();
      if (code === undefined) return listen(options);
      process.nextTick(() => server.emit('error', Object.assign(new Error(code), { code })));
      return server;
    }) as Server['listen'];
    return server;
  };
  return { create, made };
}

describe('a port that somebody else holds', () => {
  it.each([['127.0.0.1', '127.0.0.1'], ...(hasIpv6 ? [['::1', '[::1]'] as const] : [])] as const)(
    'is told when it is held on %s alone, and nothing of ours stays open',
    async (host, shown) => {
      const port = await freePort();
      await occupy(host, port);
      const failure = await failureOf(listen({ redirectUri: `http://localhost:${port}/callback` }));
      expect(failure.code).toBe('port_in_use');
      expect(failure.message).toContain(`${shown}:${port} is held by`);
      expect(failure.hint).toContain('--port <n>');
      expect(failure.hint).toContain(
        'many providers take any port from native applications; the others want that URI registered',
      );
      expect(failure.details).toMatchObject({ port, address: host });
      const other = host === '::1' ? '127.0.0.1' : '::1';
      if (hasIpv6) expect(await isFree(other, port)).toBe(true);
    },
  );

  it.runIf(hasIpv6)(
    'does not stay open on the other address although somebody is connected there already',
    async () => {
      const port = await freePort();
      const { create, made } = failingServers({});
      await occupy('::1', port);
      const connecting = () => {
        const server = create();
        server.once('listening', () => void say(port).catch(() => {}));
        return server;
      };
      expect((await failureOf(bindLoopback(['127.0.0.1', '::1'], port, connecting))).code).toBe(
        'port_in_use',
      );
      expect(made.map((server) => server.listening)).toEqual([false, false]);
      expect(await isFree('127.0.0.1', port)).toBe(true);
    },
  );

  it.runIf(process.platform === 'linux')('is told with the process that holds it', async () => {
    const script =
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const child = await countedProcesses.start(() =>
      spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const port = Number(String(line));
    const failure = await failureOf(listen({ redirectUri: `http://127.0.0.1:${port}/callback` }));
    expect(failure.details).toMatchObject({ port, address: '127.0.0.1', pid: child.pid });
    expect(failure.message).toContain(`held by process ${child.pid} (`);
    expect(failure.hint).toContain(`ss -ltnp 'sport = :${port}'`);
  });

  it.runIf(process.platform === 'linux' && hasIpv6)('is found behind a wildcard address', async () => {
    const server = createNetServer();
    server.listen(0, '::');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const failure = await failureOf(listen({ redirectUri: `http://localhost:${port}/callback` }));
    expect(failure.details).toMatchObject({ address: '127.0.0.1', pid: process.pid });
  });
});

describe('any free port', () => {
  it('is the same one on both addresses, and becomes part of the redirect URI', async () => {
    const { listener, port } = await listen({ redirectUri: 'http://localhost:0/callback?a=b' });
    expect(listener.redirectUri).toBe(`http://localhost:${port}/callback?a=b`);
    expect(port).toBeGreaterThan(0);
    for (const address of ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])]) {
      expect((await ask(`http://localhost:${port}/`, { address })).status).toBe(404);
    }
  });

  it('also replaces the port of a redirect URI that has one, when port 0 asks for it', async () => {
    const { listener, port } = await listen({ redirectUri: 'http://localhost:3000/callback', port: 0 });
    expect(port).not.toBe(3000);
    expect(listener.redirectUri).toBe(`http://localhost:${port}/callback`);
  });

  it('is another one when the first is taken on the other address', async () => {
    const { create } = failingServers({ '::1': ['EADDRINUSE', 'EADDRINUSE', 'EADDRNOTAVAIL'] });
    const bound = await bindLoopback(['127.0.0.1', '::1'], 0, create);
    onTestFinished(bound.close);
    expect(bound.port).toBeGreaterThan(0);
    expect(bound.servers).toHaveLength(1);
  });

  it('is not looked for endlessly', async () => {
    const { create, made } = failingServers({ '::1': Array(1000).fill('EADDRINUSE') });
    expect((await failureOf(bindLoopback(['127.0.0.1', '::1'], 0, create))).code).toBe('port_in_use');
    expect(made).toHaveLength(40);
    expect(made.some((server) => server.listening)).toBe(false);
  });
});

describe('an address that this machine lacks', () => {
  it.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])('is skipped where there is another one (%s)', async (code) => {
    for (const address of ['127.0.0.1', '::1']) {
      if (address === '127.0.0.1' && !hasIpv6) continue;
      const bound = await bindLoopback(['127.0.0.1', '::1'], 0, failingServers({ [address]: [code] }).create);
      expect(bound.servers).toHaveLength(1);
      await bound.close();
    }
  });

  it('is a wrong setting where it is the only one', async () => {
    const { create } = failingServers({ '::1': ['EADDRNOTAVAIL'] });
    const failure = await failureOf(bindLoopback(['::1'], 3000, create));
    expect(failure.code).toBe('config_invalid');
    expect(failure.message).toContain('no address ::1');
  });

  it('is a wrong setting when there is none at all', async () => {
    const { create } = failingServers({ '127.0.0.1': ['EADDRNOTAVAIL'], '::1': ['EAFNOSUPPORT'] });
    expect((await failureOf(bindLoopback(['127.0.0.1', '::1'], 0, create))).code).toBe('config_invalid');
  });
});

it('says that a privileged port is not permitted', async () => {
  const { create } = failingServers({ '127.0.0.1': ['EACCES'] });
  const failure = await failureOf(bindLoopback(['127.0.0.1', '::1'], 80, create));
  expect(failure.code).toBe('config_invalid');
  expect(failure.message).toBe('This user may not listen on 127.0.0.1:80.');
  expect(failure.hint).toContain('--port <n>');
});

describe('a port that this system does not give', () => {
  const denied = (code: string, port: number, platform: NodeJS.Platform) =>
    bindError({ error: Object.assign(new Error(code), { code }), address: '127.0.0.1', port }, platform);

  it.each(['EACCES', 'EPERM'])(
    'is of a reserved range on Windows, and the hint shows those (%s)',
    async (code) => {
      for (const port of [80, 3000, 50_000]) {
        const failure = denied(code, port, 'win32');
        expect(failure.code).toBe('config_invalid');
        expect(failure.message).toContain('reserved range');
        expect(failure.hint).toContain('netsh interface ipv4 show excludedportrange protocol=tcp');
        expect(failure.hint).toContain('--port <n>');
        expect(failure.hint).not.toContain('1024');
      }
    },
  );

  it.each([
    ['linux', 'net.ipv4.ip_unprivileged_port_start'],
    ['darwin', 'sandbox'],
  ] as const)('is not told to be one below 1024 when it is not, on %s', async (platform, words) => {
    const failure = denied('EACCES', 3000, platform);
    expect(failure.code).toBe('config_invalid');
    expect(failure.message).toContain('127.0.0.1:3000');
    expect(failure.hint).toContain(words);
    expect(failure.hint).not.toContain('from 1024 up');
  });

  it('is not blamed where too many files are open', async () => {
    const failure = denied('EMFILE', 3000, 'linux');
    expect(failure.code).toBe('config_invalid');
    expect(failure.hint).toContain('ulimit -n');
    expect(failure.hint).not.toContain('--port');
  });
});

describe('a literal address', () => {
  it.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])(
    'is the only one that is bound: %s',
    async (address) => {
      const host = address === '::1' ? '[::1]' : address;
      const { listener, port } = await listen({ redirectUri: `http://${host}:0/callback` });
      const other = address === '::1' ? '127.0.0.1' : '::1';
      if (hasIpv6) expect(await isFree(other, port)).toBe(true);
      const response = listener.response(state);
      ask(`${listener.redirectUri}?code=c&state=${state}`).catch(() => {});
      await response;
    },
  );
});

describe('a forwarded port', () => {
  it('is listened on while the redirect URI stays as it was written', async () => {
    const forwarded = await freePort();
    const { listener } = await listen({ redirectUri: 'http://localhost:3000/callback', port: forwarded });
    expect(listener.redirectUri).toBe('http://localhost:3000/callback');
    const response = listener.response(state);
    // Whoever knows the port that we listen on is not who was sent to the redirect URI.
    const direct = `http://localhost:${forwarded}/callback?code=c&state=${state}`;
    expect((await ask(direct)).status).toBe(421);
    const through = { address: '127.0.0.1', port: forwarded };
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`, through);
    const { url, finish } = await response;
    expect(url).toBe(`http://localhost:3000/callback?code=c&state=${state}`);
    const finished = finish(signedIn);
    const location = (await browser).headers.location ?? '';
    expect((await ask(new URL(location, listener.redirectUri).href, through)).status).toBe(200);
    await finished;
    const once = listener.redirectOnce('https://id.example/');
    expect(once).toMatch(/^http:\/\/localhost:3000\/start\//);
    expect((await ask(once, through)).status).toBe(303);
  });

  it('gives a redirect URI without a port of its own the one that is listened on', async () => {
    const port = await freePort();
    const { listener } = await listen({ redirectUri: 'http://localhost:0/callback', port });
    expect(listener.redirectUri).toBe(`http://localhost:${port}/callback`);
  });
});
