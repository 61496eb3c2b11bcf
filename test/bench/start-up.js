import { spawnSync } from 'node:child_process';

/**
 * Starts fresh processes, one of each in turn, so that a noisy moment of this machine meets them all alike.
 *
 * @param {string} node path of the Node that runs them
 * @param {Record<string, string[]>} programs arguments of Node, by name
 * @param {NodeJS.ProcessEnv} env
 * @param {number} runs how many of each
 * @returns {Record<string, number>} the median of each, in milliseconds
 */
export function medianStartUp(node, programs, env, runs) {
  const names = Object.keys(programs);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  // The first round fills the file cache, and the program's own compile cache, and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    for (const name of names) {
      const milliseconds = timeOnce(node, programs[name], env);
      if (round > 0) times[name].push(milliseconds);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}

function timeOnce(node, args, env) {
  const start = performance.now();
  const { status, stderr } = spawnSync(node, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return milliseconds;
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
