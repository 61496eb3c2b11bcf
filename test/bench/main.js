// npm run bench [-- --runs N --json --peers | --growth]: what the program's daily use costs on this machine, in fresh processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crowd, refresh } from './crowd.js';
import { curveText, measureCurves } from './curves.js';
import { measureFirstSuccess } from './first-success.js';
import { installNode, productionInstall } from './installation.js';
import { signIn, startProvider } from './journey.js';
import { measurePeers } from './peers.js';
import { measurePreflight } from './preflight.js';
import { program } from './processes.js';
import { withProfiles } from './profiles.js';
import { reportText } from './report-text.js';
import { median, medianStartUp } from './start-up.js';
import { measureTestApp } from './test-app.js';
import { emulatorProcess, measureCommands, measureServers } from './whole-commands.js';
import { measureWithoutBrowser } from './without-browser.js';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    // Installs other people's programs into a temporary directory, and measures them too.
    peers: { type: 'boolean', default: false },
    // Measures nothing but how sign-ins and refreshes grow with their number: it takes minutes.
    growth: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
if (!(Number.isInteger(runs) && runs > 0)) throw new Error('--runs takes a whole number from 1 on');
const rounds = { signIn: Math.min(runs, 5), refresh: Math.min(runs, 10), crowd: Math.min(runs, 3) };
const profileCounts = [1, 10, 100];
// A hundred processes keep a machine busy for seconds: not for a short look.
const crowdSizes = runs < 10 ? [1, 10] : [1, 10, 100];
const withKeyring = join(import.meta.dirname, '../support/with-keyring.sh');

// The keychain measured is a throw-away one: the whole benchmark runs again, inside its session.
if (process.env.BENCH_KEYRING === undefined) {
  const hasKeyring = spawnSync(withKeyring, ['true'], { stdio: 'ignore' }).status === 0;
  const command = [...(hasKeyring ? [withKeyring] : []), process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, BENCH_KEYRING: hasKeyring ? 'yes' : 'no' };
  process.exit(spawnSync(command[0], command.slice(1), { env, stdio: 'inherit' }).status ?? 1);
}

const storages = process.env.BENCH_KEYRING === 'yes' ? ['file', 'keychain'] : ['file'];
const directory = mkdtempSync(join(tmpdir(), 'logto-cli-bench-'));
try {
  const provider = await startProvider();
  try {
    const { report, lines } = options.growth
      ? await measureGrowthAlone(provider)
      : await measureAll(provider);
    console.log(options.json ? JSON.stringify(report, null, 2) : lines(report));
  } finally {
    await provider.close();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measureAll(provider) {
  const nodes = ['here', '24', 'latest'].map((wanted) => ({ wanted, ...nodeOf(wanted) }));
  const report = {
    runs,
    rounds,
    nodes: await inTurn(nodes, (found) => ('node' in found ? measureNode(found, provider) : found)),
    growth: await measureGrowth(nodes.find(({ wanted, node }) => wanted === '24' && node) ?? nodes[0]),
    preflight: await measurePreflight(process.execPath, {
      latencies: [0, 50, 200],
      rounds: rounds.signIn,
      env: environment('here'),
      provider,
      storage: 'file',
      directory,
    }),
    withoutBrowser: await measureWithoutBrowser(process.execPath, {
      env: environment('here'),
      provider,
      directory,
      rounds: rounds.signIn,
      sizes: crowdSizes,
    }),
    // The terminal is that of the command `script`, as Linux has it.
    ...(process.platform === 'linux' && {
      firstSuccess: await measureFirstSuccess(process.execPath, {
        env: environment('here'),
        directory,
        rounds: rounds.signIn,
      }),
    }),
    testApp: await measureTestApp(process.execPath, { env: environment('here'), rounds: rounds.crowd }),
    install: productionInstall(join(directory, 'install')),
    ...(options.peers && {
      peers: await measurePeers(process.execPath, { env: environment('here'), directory, runs }),
    }),
  };
  return { report, lines: reportText };
}

/** How sign-ins and refreshes grow with their number. */
async function measureGrowthAlone(provider) {
  const sizes = runs < 10 ? [1, 10, 100] : [1, 10, 100, 1000];
  const options = { env: environment('here'), provider, directory, sizes };
  return { report: await measureCurves(process.execPath, options), lines: curveText };
}

/** @returns {{ node: string, version: string } | { reason: string }} */
function nodeOf(wanted) {
  const found = wanted === 'here' ? { node: process.execPath } : installNode(wanted, join(directory, wanted));
  if (!('node' in found)) return found;
  return { ...found, version: spawnSync(found.node, ['--version'], { encoding: 'utf8' }).stdout.trim() };
}

async function measureNode({ wanted, node, version }, provider) {
  const env = environment(wanted);
  const programs = { node: ['-e', '0'], '--version': [program, '--version'], '--help': [program, '--help'] };
  const signIns = {};
  const refreshes = {};
  for (const storage of storages) {
    const journeys = await repeated(rounds.signIn, () => signIn(node, { env, provider, storage, directory }));
    signIns[storage] = {
      requests: journeys[0].requests,
      callbackToEnd: median(journeys.map((journey) => journey.callbackToEnd)),
      peakMemory: median(journeys.map((journey) => journey.peakMemory)),
    };
    for (const command of ['whoami', 'token'])
      programs[`${command}, ${storage}`] = [program, command, '--profile', storage];
    const times = await repeated(rounds.refresh, () => refresh(node, { env, storage }));
    refreshes[storage] = {
      requests: times.at(-1).requests,
      milliseconds: median(times.map(({ milliseconds }) => milliseconds)),
    };
  }
  return {
    wanted,
    version,
    startUp: medianStartUp(node, programs, env, runs),
    commands: await measureCommands(node, { env, provider, runs }),
    servers: await measureServers(node, { emulator: emulatorProcess }, env, runs),
    signIns,
    refreshes,
  };
}

/** Uses the sessions that {@link measureNode} has left. */
async function measureGrowth({ wanted, node, version }) {
  const env = environment(wanted);
  const profiles = {};
  for (const count of profileCounts) {
    profiles[count] = withProfiles(node, count, { env, home: join(directory, `profiles-${count}`), runs });
  }
  const crowds = {};
  for (const storage of storages) {
    crowds[storage] = {};
    for (const size of crowdSizes) {
      const measured = await repeated(size < 100 ? rounds.crowd : 1, () =>
        crowd(node, size, { env, storage }),
      );
      crowds[storage][size] = {
        milliseconds: median(measured.map(({ milliseconds }) => milliseconds)),
        apart: median(measured.map(({ apart }) => apart)),
        refreshes: measured.map(({ refreshes }) => refreshes),
        tokens: measured.map(({ tokens }) => tokens),
      };
    }
  }
  return { version, profiles, crowds };
}

// Extra certificates triple the start of Node itself and hide everything else.
function environment(wanted) {
  const { NODE_EXTRA_CA_CERTS, ...env } = process.env;
  return { ...env, LOGTO_CLI_HOME: join(directory, `home-${wanted}`) };
}

function repeated(times, measure) {
  return inTurn(Array.from({ length: times }), measure);
}

async function inTurn(items, measure) {
  const measured = [];
  for (const item of items) measured.push(await measure(item));
  return measured;
}
