// npm run bench [-- --runs N --json]: what starting the program and signing in with it cost on this machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode, productionInstall } from './installation.js';
import { signIn, startProvider } from './journey.js';
import { reportText } from './report-text.js';
import { median, medianStartUp } from './start-up.js';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } },
});
const runs = Number(options.runs);
const signInRuns = 5;
const program = join(import.meta.dirname, '../../bin/logto-cli.js');
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
  const report = {
    runs,
    signInRuns,
    nodes: await measureNodes(),
    install: productionInstall(join(directory, 'install')),
  };
  console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measureNodes() {
  const provider = await startProvider();
  try {
    const measured = [];
    for (const wanted of ['here', '24', 'latest']) {
      const found =
        wanted === 'here' ? { node: process.execPath } : installNode(wanted, join(directory, wanted));
      measured.push({
        wanted,
        ...('node' in found ? await measureNode(wanted, found.node, provider) : found),
      });
    }
    return measured;
  } finally {
    await provider.close();
  }
}

async function measureNode(wanted, node, provider) {
  const env = environment(join(directory, `home-${wanted}`));
  const programs = { node: ['-e', '0'], '--version': [program, '--version'], '--help': [program, '--help'] };
  const signIns = {};
  for (const storage of storages) {
    const journeys = [];
    for (let run = 0; run < signInRuns; run += 1) {
      journeys.push(await signIn(node, { env, provider, storage, directory }));
    }
    signIns[storage] = {
      requests: journeys[0].requests,
      callbackToEnd: median(journeys.map((journey) => journey.callbackToEnd)),
      peakMemory: median(journeys.map((journey) => journey.peakMemory)),
    };
    programs[`whoami, ${storage}`] = [program, 'whoami', '--profile', storage];
  }
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return { version, startUp: medianStartUp(node, programs, env, runs), signIns };
}

// Extra certificates triple the start of Node itself and hide everything else.
function environment(home) {
  const { NODE_EXTRA_CA_CERTS, ...env } = process.env;
  return { ...env, LOGTO_CLI_HOME: home };
}
