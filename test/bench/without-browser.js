import { readFileSync, writeFileSync } from 'node:fs';
import { Server } from 'node:http';
import { join } from 'node:path';
import { startEmulator } from '../../dist/testing.js';
import { program, run } from './processes.js';
import { median } from './start-up.js';

const probe = new URL('probe.js', import.meta.url).href;

/**
 * What signing in without a browser, the battery that needs no user, and the start of an emulator cost.
 *
 * @param {string} node path of the Node that runs the program
 * @param {{ env: NodeJS.ProcessEnv, provider: object, directory: string, rounds: number, sizes: number[] }} options
 * `sizes`: how many users sign in by one file
 * @returns {Promise<{ signIn: { milliseconds: number, own: number, requests: string[] }, scenarios: Record<string, number>,
 * battery: { milliseconds: number, checks: number }, emulatorStart: number }>} medians, in milliseconds
 */
export async function measureWithoutBrowser(node, { env, provider, directory, rounds, sizes }) {
  const connection = ['--endpoint', provider.endpoint, '--app-id', provider.application.appId];
  const redirect = ['--redirect-uri', provider.application.redirectUris[0]];
  const probeFile = join(directory, 'probe.json');
  const variables = {
    ...env,
    LOGTO_CLI_PASSWORD: provider.user.password,
    LOGTO_CLI_STORAGE: 'memory',
    BENCH_PROBE_FILE: probeFile,
  };
  const start = (args) =>
    run(node, ['--import', probe, program, ...args, ...connection, ...redirect], variables);

  const signIns = [];
  for (let round = 0; round <= rounds; round += 1) {
    const answering = measureAnswering();
    const { milliseconds } = await start([
      'sign-in',
      '--headless',
      '--username',
      provider.user.username,
      '--quiet',
    ]);
    signIns.push({ milliseconds, own: milliseconds - answering.stop() });
  }
  const { requests } = JSON.parse(readFileSync(probeFile, 'utf8'));
  signIns.shift();

  const scenarios = {};
  for (const size of sizes) {
    const file = join(directory, `scenarios-${size}.json`);
    writeFileSync(file, JSON.stringify(scenarioFile(size, provider)));
    const { milliseconds } = await run(node, [program, 'test', file, '--jobs', '10', '--json'], variables);
    scenarios[size] = milliseconds;
  }

  const batteries = [];
  for (let round = 0; round < rounds; round += 1) batteries.push(await start(['test', '--json']));
  const starts = [];
  for (let round = 0; round < 20; round += 1) starts.push(await timeEmulatorStart());
  return {
    signIn: {
      milliseconds: median(signIns.map(({ milliseconds }) => milliseconds)),
      own: median(signIns.map(({ own }) => own)),
      requests,
    },
    scenarios,
    battery: {
      milliseconds: median(batteries.map(({ milliseconds }) => milliseconds)),
      checks: JSON.parse(batteries[0].stdout).checks.length,
    },
    emulatorStart: median(starts),
  };
}

function scenarioFile(size, { endpoint, application, user }) {
  return {
    defaults: { endpoint, appId: application.appId, redirectUri: application.redirectUris[0] },
    scenarios: Array.from({ length: size }, (_, index) => ({
      name: `sign-in ${index + 1}`,
      user: { username: user.username, passwordVariable: 'LOGTO_CLI_PASSWORD' },
      expect: [`username=${user.username}`],
    })),
  };
}

/** How long the provider, the only server of this process, takes for its answers: they come one after the other. */
function measureAnswering() {
  const { emit } = Server.prototype;
  let milliseconds = 0;
  Server.prototype.emit = function (event, ...args) {
    if (event === 'request') {
      const since = performance.now();
      args[1].once('finish', () => {
        milliseconds += performance.now() - since;
      });
    }
    return emit.call(this, event, ...args);
  };
  return {
    stop() {
      Server.prototype.emit = emit;
      return milliseconds;
    },
  };
}

async function timeEmulatorStart() {
  const start = performance.now();
  const emulator = await startEmulator();
  const milliseconds = performance.now() - start;
  await emulator.close();
  return milliseconds;
}
