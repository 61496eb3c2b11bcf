import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { program } from './processes.js';
import { median } from './start-up.js';

/** For bash, which tells the processor's time in milliseconds where sh counts hundredths: prints it on a channel of its own. */
const timed = '"$0" "$@"; code=$?; times >&3; exit $code';

/**
 * What whole commands cost, each in fresh processes, in turn with a bare Node.
 *
 * @param {string} node path of the Node that runs the program
 * @param {{ env: NodeJS.ProcessEnv, provider: object, runs: number }} options
 * @returns {Promise<Record<string, { wall: number, cpu: number }>>} medians in milliseconds; `node` is a bare Node
 */
export async function measureCommands(node, { env, provider, runs }) {
  const { endpoint, application, user } = provider;
  const at = ['--endpoint', endpoint, '--app-id', application.appId];
  const back = ['--redirect-uri', application.redirectUris[0]];
  const commands = {
    node: ['-e', '0'],
    'sign-in --headless': [
      program,
      'sign-in',
      '--headless',
      '--username',
      user.username,
      '-q',
      ...at,
      ...back,
    ],
    'doctor --json': [program, 'doctor', '--json', ...at, ...back],
    test: [program, 'test', '--json', ...at, ...back],
    'test --as': [program, 'test', '--json', '--as', user.username, ...at, ...back],
    demo: [program, 'demo'],
  };
  const variables = { ...env, LOGTO_CLI_PASSWORD: user.password, LOGTO_CLI_STORAGE: 'memory' };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  // The first round fills caches, and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      // It waits for seconds, for what a user has to wait for.
      if (name === 'test --as' && round > 5) continue;
      const time = await timeOf(node, args, variables);
      if (round > 0) times[name].push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, medians(all)]));
}

/**
 * How long a server takes from the start of its process until it answers, in turn with others.
 *
 * @param {Record<string, { args: string[], addressOf: (line: string) => string | undefined }>} servers what runs them,
 * and how the address to ask is read from a line of theirs
 * @returns {Promise<Record<string, { wall: number, cpu: number }>>} medians in milliseconds
 */
export async function measureServers(node, servers, env, runs) {
  const times = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, server] of Object.entries(servers)) {
      const time = await untilItAnswers(node, server, env);
      if (round > 0) times[name].push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, medians(all)]));
}

/** Our own. */
export const emulatorProcess = {
  args: [program, 'emulator', '--port', '0', '--json'],
  addressOf: (line) => `${JSON.parse(line).issuer}/.well-known/openid-configuration`,
};

/** Runs a fresh Node, and tells its time and the processor's, in milliseconds. */
export async function timeOf(node, args, env) {
  const start = performance.now();
  const child = spawn('bash', ['-c', timed, node, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [stderr, printed, [status]] = await Promise.all([
    text(child.stderr),
    text(child.stdio[3]),
    once(child, 'close'),
  ]);
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  // The second line is that of the children: user and system time.
  const spent = [...(printed.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return {
    wall,
    cpu: spent.reduce((sum, [, minutes, seconds]) => sum + (minutes * 60 + Number(seconds)) * 1000, 0),
  };
}

async function untilItAnswers(node, { args, addressOf }, env) {
  const start = performance.now();
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const address = addressOf(line);
      if (address === undefined) continue;
      await (await fetch(address)).text();
      return { wall: performance.now() - start, cpu: spentBy(child.pid) };
    }
    throw new Error(`${args.join(' ')} ended before it answered`);
  } finally {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill()) await ended;
  }
}

/** Milliseconds of user and system time, as Linux counts them: in hundredths of a second (proc_pid_stat(5)). */
function spentBy(pid) {
  const [, fields] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

function medians(times) {
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}
