import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { published } from '../support/built.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** What a process did, which is the same on every machine. */
interface Costs {
  /** Method and path of each request; what is particular of it is `*`. */
  readonly requests: readonly string[];
  /** Connections that were opened. */
  readonly connections: number;
  /** Programs that were started. */
  readonly started: readonly string[];
  /** Files and directories, below the home, that were waited for to be on the disk. */
  readonly synced: readonly string[];
  /** Whether standard input was opened. */
  readonly inputOpened: boolean;
  /** What was made of `Intl`: for each kind Node loads tables, 5 to 10 ms. */
  readonly tables: readonly string[];
  /** Node's own modules that were loaded. */
  readonly builtins: readonly string[];
}

/** Loaded into the program before it starts (`node --import`). */
const spy = `
  import { ChildProcess } from 'node:child_process';
  import { subscribe } from 'node:diagnostics_channel';
  import fs from 'node:fs';
  const costs = { requests: [], connections: 0, started: [], synced: [], inputOpened: false, tables: [] };
  subscribe('http.client.request.start', ({ request: { method, path } }) => {
    costs.requests.push(method + ' ' + path.split('?')[0].replace(/[\\w-]{30,}$/, '*'));
  });
  subscribe('net.client.socket', () => { costs.connections += 1; });
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    costs.started.push(options.file);
    return spawn.call(this, options);
  };
  for (const name of ['Collator', 'DateTimeFormat', 'ListFormat', 'NumberFormat', 'PluralRules', 'Segmenter']) {
    const construct = (...call) => {
      costs.tables.push(name);
      return Reflect.construct(...call);
    };
    Intl[name] = new Proxy(Intl[name], { construct });
  }
  const { fsync } = fs;
  fs.fsync = (file, done) => {
    costs.synced.push(fs.readlinkSync('/proc/self/fd/' + file));
    fsync(file, done);
  };
  const { get } = Object.getOwnPropertyDescriptor(process, 'stdin');
  const stdin = () => {
    costs.inputOpened = true;
    return get.call(process);
  };
  Object.defineProperty(process, 'stdin', { get: stdin });
  process.on('exit', () => {
    const builtins = process.moduleLoadList.map((name) => name.replace('NativeModule ', ''));
    fs.writeFileSync(process.env.COSTS, JSON.stringify({ ...costs, builtins }));
  });
`;

let emulator: Emulator;
beforeAll(async () => {
  published('index.js');
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

describe.runIf(process.platform === 'linux')('a journey costs what it did:', () => {
  it('a sign-in without a browser', async () => {
    const home = await temporaryDirectory();
    const { requests, connections, started, synced, inputOpened, builtins } = await costsOf(home, signIn);

    // What each is for is told to those who change the code.
    expect(requests).toEqual(await toldRequests());
    expect(connections).toBe(1);
    expect(started).toEqual([]);
    const tokens = expect.stringMatching(/^sessions\/default\/key-token%53et\..*\.tmp$/);
    expect(synced).toEqual(expect.arrayContaining([tokens, 'sessions/default']));
    // What is only kept for the next time is not waited for.
    expect(synced.filter((path) => path.startsWith('cache'))).toEqual([]);
    expect(inputOpened).toBe(false);
    expect(unwanted(builtins)).toEqual([]);
    // No answer comes compressed.
    expect(builtins).not.toContain('zlib');
    expect(builtins).not.toContain('fs/promises');
  });

  it('a second one asks nothing less', async () => {
    const home = await temporaryDirectory();
    await costsOf(home, signIn);
    expect((await costsOf(home, signIn)).requests).toEqual(await toldRequests());
  });

  it('a refresh', async () => {
    const home = await temporaryDirectory();
    await costsOf(home, signIn);
    const { requests, connections, started, builtins } = await costsOf(home, ['token', '--refresh']);
    expect({ requests, connections, started }).toEqual({
      requests: ['POST /oidc/token'],
      connections: 1,
      started: [],
    });
    expect(unwanted(builtins)).toEqual([]);
    expect(builtins).not.toContain('fs/promises');
  });

  it.each([
    { args: ['doctor', '--json'], requests: 10, connections: 6 },
    { args: ['doctor'], requests: 10, connections: 6 },
    { args: ['test', '--json'], requests: 60, connections: 6 },
    { args: ['test', '--as', 'alice', '--only', 'code.exchange', '--json'], requests: 14, connections: 2 },
    // With those of the person's browser, which is in the same process.
    { args: ['demo'], requests: 19, connections: 6 },
  ])('$args', async ({ args, requests, connections }) => {
    const costs = await costsOf(await temporaryDirectory(), args);
    expect(costs.requests).toHaveLength(requests);
    // As many as there are requests at once, which is a matter of time.
    expect(costs.connections).toBeLessThanOrEqual(connections);
    expect(costs.started).toEqual([]);
    expect(costs.tables).toEqual([]);
    expect(costs.inputOpened).toBe(false);
    expect(unwanted(costs.builtins)).toEqual([]);
  });
});

const signIn = ['sign-in', '--headless', '--username', 'alice', '--json'];

/** What nobody needs who speaks to a provider of this machine, and what takes long to load. */
function unwanted(builtins: readonly string[]): string[] {
  const names =
    /^(?:tls|https|http2|v8|worker_threads|zlib|internal\/blocklist)$|deps\/undici|webstreams\/readablestream/;
  return builtins.filter((name) => names.test(name));
}

async function costsOf(home: string, args: readonly string[]): Promise<Costs> {
  const file = join(home, 'costs.json');
  const spyFile = join(home, 'spy.mjs');
  await writeFile(spyFile, spy);
  const [application] = emulator.description.applications;
  const env = {
    ...process.env,
    LOGTO_CLI_HOME: home,
    LOGTO_CLI_STORAGE: 'file',
    LOGTO_ENDPOINT: emulator.endpoint,
    LOGTO_APP_ID: application?.appId ?? '',
    LOGTO_CLI_PASSWORD: emulator.description.users[0]?.password ?? '',
    COSTS: file,
  };
  const run = await runCommand(process.execPath, ['--import', spyFile, program, ...args], { env });
  expect(run.status, run.stderr + run.stdout).toBe(0);
  const costs = JSON.parse(await readFile(file, 'utf8')) as Costs;
  return { ...costs, synced: costs.synced.map((path) => relative(home, path)) };
}

/** The requests of a sign-in without a browser, as the map of the sources tells them. */
async function toldRequests(): Promise<string[]> {
  const map = await readFile(new URL('../../src/README.md', import.meta.url), 'utf8');
  return [...map.matchAll(/^\d+\. `((?:GET|PUT|POST) [^`]+)`/gm)].map(([, request = '']) => request);
}
