import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { told } from '../support/capabilities.js';
import { documentOf, RunningProgram } from '../support/program.js';
import { signInAt, startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { SharedMachine, secondUserMissing } from '../support/two-users.js';

const missing = told('second user', secondUserMissing);

/** The places of everything that is believed, where the program's directories are one, and by the XDG variables. */
const layouts = {
  LOGTO_CLI_HOME: { config: 'own', data: 'own', state: 'own', cache: 'own/cache' },
  XDG: {
    config: '.config/logto-cli',
    data: '.local/share/logto-cli',
    state: '.local/state/logto-cli',
    cache: '.cache/logto-cli',
  },
};
type Layout = keyof typeof layouts;
type Base = keyof (typeof layouts)['XDG'];

const ticket = '.config.lock.1.5f0c5b0e-0000-4000-8000-000000000000.x.1.1';

/** A place that a neighbour would like, in one of the directories, and whether what is there is refused or ignored. */
const places: readonly (readonly [base: Base, name: string, outcome: 'refused' | 'ignored'])[] = [
  ['config', '', 'refused'],
  ['config', 'config.json', 'refused'],
  ['data', '', 'refused'],
  ['data', 'sessions', 'refused'],
  ['data', 'sessions/default', 'refused'],
  ['data', 'sessions/default/key-token%53et', 'refused'],
  ['state', '', 'refused'],
  ['state', 'locks', 'refused'],
  ['state', `locks/${ticket}`, 'ignored'],
  ['cache', 'providers', 'ignored'],
  ['cache', 'providers/<key>', 'ignored'],
  ['cache', 'code', 'ignored'],
];

/** How it is planted there: `real` is a whole entry of a home where somebody else is signed in. */
const plants = ['real', 'link', 'pipe', 'socket'] as const;
type Plant = (typeof plants)[number];

const cases = (['000', '002'] as const).flatMap((umask) =>
  places.flatMap(([base, name, outcome]) =>
    plants
      .filter((plant) => ['real', 'link'].includes(plant) || /key|json|config\.lock/.test(name))
      .map((plant) => ({
        umask,
        layout: (umask === '000' ? 'LOGTO_CLI_HOME' : 'XDG') as Layout,
        base,
        name,
        outcome,
        plant,
      })),
  ),
);

describe.skipIf(missing !== null)('a neighbour on this machine', () => {
  let emulator: WatchedEmulator;
  /** A home where bob is signed in, and the provider's token endpoint is another. */
  let made: string;
  /** What mallory plants: the same, as open as it can be. */
  let bait: string;
  let machine: SharedMachine;

  beforeAll(async () => {
    emulator = await startWatchedEmulator();
    made = mkdtempSync(join(tmpdir(), 'logto-cli-bait-'));
    await homeOf('bob', made);
    const refreshed = await new RunningProgram(['token', '--refresh'], {
      home: made,
      environment: { LOGTO_CLI_STORAGE: 'file' },
    }).ended;
    expect(refreshed.exitCode).toBe(0);
    const record = join(made, baitFor('cache', 'providers/<key>'));
    writeFileSync(record, readFileSync(record, 'utf8').replaceAll('/oidc/token"', '/oidc/stolen"'));
    expect(readFileSync(record, 'utf8')).toContain('/oidc/stolen');
    writeFileSync(join(made, 'locks', ticket), '');
    mkdirSync(join(made, 'cache/code'), { recursive: true });
    await updateConfiguration(made, memoryLock(), (before) =>
      withProfile(before, 'default', { caFile: '/tmp/of-mallory.pem' }),
    );
  });
  afterAll(async () => {
    rmSync(made, { recursive: true });
    await emulator.close();
  });

  function prepare(umask: string): void {
    machine = new SharedMachine(umask);
    bait = join(machine.folder, 'bait');
    cpSync(made, bait, { recursive: true });
    machine.giveAway(bait);
    emulator.takeRequests();
  }

  /** A home as the program would have made it: one user is signed in there. */
  async function homeOf(name: 'alice' | 'bob', home: string): Promise<void> {
    await signInAt(emulator, home, { username: name });
    await updateConfiguration(home, memoryLock(), (before) =>
      withProfile(before, 'default', {
        endpoint: emulator.endpoint,
        appId: 'emulator-native',
        session: 'file',
      }),
    );
  }

  const pathOf = (layout: Layout, base: Base, name = '') => join(machine.home, layouts[layout][base], name);

  /** Gives the user a home of this layout, signed in as alice. */
  async function moveIn(layout: Layout): Promise<Record<string, string>> {
    const home = join(machine.folder, 'made');
    await homeOf('alice', home);
    const put = (from: string, to: string) => {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
      cpSync(join(home, from), to, { recursive: true });
    };
    put('config.json', pathOf(layout, 'config', 'config.json'));
    put('sessions', pathOf(layout, 'data', 'sessions'));
    mkdirSync(pathOf(layout, 'state', 'locks'), { recursive: true, mode: 0o700 });
    rmSync(home, { recursive: true });
    for (const base of ['config', 'data', 'state'] as const) {
      closeAll(pathOf(layout, base));
      machine.giveBack(join(machine.home, layouts[layout][base].split('/')[0] ?? ''));
    }
    return layout === 'LOGTO_CLI_HOME' ? { LOGTO_CLI_HOME: pathOf(layout, 'config') } : {};
  }

  /** The same place in the home that is planted. */
  function baitFor(base: Base, name: string): string {
    if (base !== 'cache') return name;
    const [key = ''] = readdirSync(join(made, 'cache/providers'));
    return join('cache', name.replace('<key>', key));
  }

  it.each(cases)(
    'is not believed and holds nothing up, with umask $umask: $plant in $layout $base/$name is $outcome',
    async ({ umask, layout, base, name, outcome, plant }) => {
      prepare(umask);
      const environment = await moveIn(layout);
      const planted = baitFor(base, name);
      const from = join(bait, planted);
      const path = join(pathOf(layout, base), relative(baitFor(base, ''), planted));
      rmSync(path, { recursive: true, force: true });
      for (const parent of missingAbove(path)) {
        mkdirSync(parent, { mode: 0o700 });
        machine.giveBack(parent);
      }
      await put(plant, from, path);
      const before = contentOf(bait);

      const outcomes = [
        await machine.run(['whoami', '--json'], environment),
        await machine.run(['token', '--refresh', '--json'], environment),
        await machine.run(
          ['profile', 'set', 'web', '--issuer', 'https://web.example', '--app-id', 'web', '--json'],
          environment,
        ),
      ];

      expect(outcomes.map(({ hangs }) => hangs)).toEqual([false, false, false]);
      for (const each of outcomes) {
        expect(`${each.stdout}${each.stderr}`).not.toMatch(/bob|of-mallory/);
        expect([0, 2, 8]).toContain(each.exitCode);
        const document = documentOf(each);
        if (each.exitCode === 0) continue;
        expect(document.error.message).toContain(path);
        expect(document.error.message).toMatch(/belongs to another user|is a socket/);
        expect(['config_invalid', 'storage_unavailable', 'storage_corrupt']).toContain(document.error.code);
      }
      expect(outcomes.some(({ exitCode }) => exitCode !== 0)).toBe(outcome === 'refused');
      expect(emulator.takeRequests().join('\n')).not.toContain('stolen');
      expect(contentOf(bait)).toEqual(before);
    },
  );

  async function put(plant: Plant, from: string, path: string): Promise<void> {
    if (plant === 'real') cpSync(from, path, { recursive: true });
    if (plant === 'link') symlinkSync(from, path);
    if (plant === 'pipe') execFileSync('mkfifo', [path]);
    if (plant === 'socket') await listenAt(path);
    machine.giveAway(path);
  }

  it.each([
    ['000', 'LOGTO_CLI_HOME'],
    ['000', 'XDG'],
    ['002', 'LOGTO_CLI_HOME'],
    ['002', 'XDG'],
  ] as const)(
    'can read and write nothing that the program writes, with umask %s: %s',
    async (umask, layout) => {
      machine = new SharedMachine(umask);
      const own = pathOf('LOGTO_CLI_HOME', 'config');
      const environment = layout === 'LOGTO_CLI_HOME' ? { LOGTO_CLI_HOME: own } : {};
      const { endpoint, description } = emulator;
      const run = (args: readonly string[]) =>
        machine.run(args, { ...environment, LOGTO_CLI_PASSWORD: description.users[0]?.password ?? '' });
      const at = ['--endpoint', endpoint, '--app-id', 'emulator-native'];
      const trace = join(machine.home, 'trace.json');
      const outcomes = [
        await run(['profile', 'set', 'default', ...at]),
        await run(['sign-in', '--headless', '--username', 'alice', `--trace=${trace}`]),
        await run(['token', '--refresh']),
        await run(['whoami']),
      ];
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);

      const written = readdirSync(machine.home, { recursive: true, encoding: 'utf8' });
      const names = written.map((name) => name.split('/').at(-1));
      expect(names).toEqual(
        expect.arrayContaining(['config.json', 'key-token%53et', 'providers', 'trace.json']),
      );
      // The home itself can be looked into, as most are.
      expect(machine.withinReach(machine.home)).toEqual([machine.home]);
    },
  );

  it.each(['000', '002'])(
    'is kept out of a home that was made with umask %s, from the first write on',
    async (umask) => {
      machine = new SharedMachine(umask);
      const own = pathOf('LOGTO_CLI_HOME', 'config');
      mkdirSync(own);
      chmodSync(own, 0o777 & ~Number.parseInt(umask, 8));
      machine.giveBack(own);
      const run = (args: readonly string[]) => machine.run(args, { LOGTO_CLI_HOME: own });
      expect((await run(['whoami', '--json'])).exitCode).toBe(4);
      expect(readdirSync(own)).toEqual([]);
      const set = await run(['profile', 'set', 'web', '--issuer', 'https://web.example', '--app-id', 'web']);
      expect(set).toMatchObject({ exitCode: 0 });
      expect(statSync(own).mode & 0o022).toBe(0);
      expect(machine.withinReach(own)).toEqual([own]);
      expect((await run(['profile', 'show', 'web'])).exitCode).toBe(0);
    },
  );
});

/** The parents of a path that are not there, the topmost first. */
function missingAbove(path: string): string[] {
  const parent = dirname(path);
  return existsSync(parent) ? [] : [...missingAbove(parent), parent];
}

function closeAll(path: string): void {
  const isDirectory = statSync(path).isDirectory();
  chmodSync(path, isDirectory ? 0o700 : 0o600);
  if (isDirectory) for (const name of readdirSync(path)) closeAll(join(path, name));
}

/** Everything in a directory, with what it holds. */
function contentOf(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(directory, name);
      return [name, statSync(path).isFile() ? readFileSync(path, 'utf8') : 'a directory'];
    }),
  );
}

/** Listens at a path, which may be longer than the system lets a socket be named. */
async function listenAt(path: string): Promise<void> {
  const script = `process.chdir(${JSON.stringify(dirname(path))});
    require('node:net').createServer().listen('s', () => { fs.renameSync('s', ${JSON.stringify(path)}); console.log('there'); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
}
