import { Server } from 'node:http';
import { signIn } from './journey.js';
import { median } from './start-up.js';

/**
 * What the question whether it can succeed adds to a sign-in, at these latencies of the provider.
 *
 * @param {string} node path of the Node that runs the sign-ins
 * @param {{ latencies: number[], rounds: number }} options milliseconds that each answer of the provider takes longer;
 * sign-ins of each kind; the others as {@link signIn} takes them
 * @returns {Promise<Record<string, Record<'without' | 'with', { startToAddress: number, startToEnd: number }>>>} medians,
 * in milliseconds, by latency: until the browser can open, and until the process has ended
 */
export async function measurePreflight(node, { latencies, rounds, ...journey }) {
  const measured = {};
  for (const latency of latencies) {
    const times = { without: [], with: [] };
    const undelay = delayAnswers(latency);
    try {
      // In turn, so that a noisy moment of this machine meets both alike.
      for (let round = 0; round < rounds; round += 1) {
        times.without.push(await signIn(node, { ...journey, more: ['--no-preflight'] }));
        times.with.push(await signIn(node, journey));
      }
    } finally {
      undelay();
    }
    measured[latency] = { without: medians(times.without), with: medians(times.with) };
  }
  return measured;
}

function medians(journeys) {
  const of = (name) => median(journeys.map((journey) => journey[name]));
  return { startToAddress: of('startToAddress'), startToEnd: of('startToEnd') };
}

/** The provider is the only server of this process: whatever it is asked waits here before it is handled. */
function delayAnswers(milliseconds) {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...args) {
    if (event !== 'request') return emit.call(this, event, ...args);
    setTimeout(() => emit.call(this, event, ...args), milliseconds);
    return true;
  };
  return () => {
    Server.prototype.emit = emit;
  };
}
