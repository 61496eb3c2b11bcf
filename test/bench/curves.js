import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileStorage } from '../../dist/index.js';
import { signIn } from '../../dist/testing.js';
import { program } from './processes.js';
import { tableLines } from './table.js';
import { timeOf } from './whole-commands.js';

/** Processes, and sign-ins of one process, at the same time. */
const atOnce = 10;

/**
 * How sign-ins and refreshes grow with their number, by one process and by many.
 *
 * @param {string} node path of the Node that runs the program
 * @param {{ env: NodeJS.ProcessEnv, provider: object, directory: string, sizes: number[] }} options
 * @returns {Promise<Record<string, Record<string, { wall: number, own: number, provider: number }>>>} milliseconds of each
 * size: until the last has ended, and the processor's time of our processes and of the provider
 */
export async function measureCurves(node, { env, provider, directory, sizes }) {
  const { endpoint, application, user } = provider;
  const headless = [
    '--headless',
    '--username',
    user.username,
    '-q',
    '--redirect-uri',
    application.redirectUris[0],
  ];
  const variables = {
    ...env,
    LOGTO_CLI_PASSWORD: user.password,
    LOGTO_ENDPOINT: endpoint,
    LOGTO_APP_ID: application.appId,
  };
  const storage = new FileStorage({ directory: join(env.LOGTO_CLI_HOME, 'sessions', 'default') });
  await signIn(provider.emulator, { storage });
  const run = (args, more) => timeOf(node, args, { ...variables, ...more });
  const many = (args, more) => (size) => inTurns(size, () => run([program, ...args], more));
  const refreshes = new URL('refreshes.js', import.meta.url).pathname;
  const ways = {
    'sign-ins by one process': (size) => {
      const file = join(directory, `curve-${size}.json`);
      writeFileSync(file, JSON.stringify(scenarios(size, provider)));
      return run([program, 'test', file, '--jobs', String(atOnce), '--json']);
    },
    'sign-ins by a process each': many(['sign-in', ...headless], { LOGTO_CLI_STORAGE: 'memory' }),
    'refreshes by one process': (size) =>
      run([
        refreshes,
        join(env.LOGTO_CLI_HOME, 'sessions', 'default'),
        endpoint,
        application.appId,
        String(size),
      ]),
    'refreshes of one session by a process each': many(['token', '--refresh', '-q'], {
      LOGTO_CLI_STORAGE: 'file',
    }),
  };
  const curves = {};
  for (const [name, way] of Object.entries(ways)) {
    curves[name] = {};
    // Fills caches, and is not counted.
    await way(1);
    for (const size of sizes) {
      const before = process.cpuUsage();
      const start = performance.now();
      const { cpu } = await way(size);
      const spent = process.cpuUsage(before);
      curves[name][size] = {
        wall: performance.now() - start,
        own: cpu,
        provider: (spent.user + spent.system) / 1000,
      };
    }
  }
  return curves;
}

/** For a person: what each costs, and of what there was no more. */
export function curveText(curves) {
  const heads = ['all, ms', 'each, ms', 'our CPU, ms', "provider's CPU, ms"];
  const blocks = Object.entries(curves).map(([name, sizes]) => {
    const rows = Object.entries(sizes).map(([size, { wall, own, provider }]) => [
      `  ${size}`,
      wall.toFixed(0),
      ...[wall, own, provider].map((time) => (time / Number(size)).toFixed(1)),
    ]);
    return tableLines(name, heads, rows).join('\n');
  });
  return blocks.join('\n\n');
}

function scenarios(size, { endpoint, application, user }) {
  return {
    defaults: { endpoint, appId: application.appId, redirectUri: application.redirectUris[0] },
    scenarios: Array.from({ length: size }, (_, index) => ({
      name: `sign-in ${index + 1}`,
      user: { username: user.username, passwordVariable: 'LOGTO_CLI_PASSWORD' },
    })),
  };
}

/** Does it so often, a few at once. */
async function inTurns(size, work) {
  let left = size;
  let cpu = 0;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const spent = await work();
      cpu += spent.cpu;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { cpu };
}
