import { createServer } from 'node:net';
import { program, run } from './processes.js';
import { median } from './start-up.js';

const sample = new URL('../sample-application/main.js', import.meta.url).pathname;

/**
 * What `test-app` costs at an application that is right, which is started and ended with each run.
 *
 * @param {string} node path of the Node that runs the program
 * @param {{ env: NodeJS.ProcessEnv, rounds: number }} options
 * @returns {Promise<{ milliseconds: number, checks: number, visits: number, found: string[] }>} the time is a median
 */
export async function measureTestApp(node, { env, rounds }) {
  const runs = [];
  for (let round = 0; round < rounds; round += 1) {
    const port = await freePort();
    const settings = ['--env', `PORT=${port}`, '--sign-out', '/sign-out'];
    const args = [
      'test-app',
      `http://localhost:${port}/`,
      ...settings,
      '--json',
      '--verbose',
      '--',
      node,
      sample,
    ];
    const { milliseconds, stdout, stderr } = await run(node, [program, ...args], env);
    const { checks } = JSON.parse(stdout);
    runs.push({ milliseconds, checks, visits: Number(/, (\d+) visits/.exec(stderr)?.[1]) });
  }
  const [{ checks, visits }] = runs;
  return {
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    checks: checks.length,
    visits,
    found: checks.filter(({ outcome }) => !['passed', 'skipped'].includes(outcome)).map(({ id }) => id),
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
