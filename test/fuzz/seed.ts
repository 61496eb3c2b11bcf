import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/**
 * Lets every property of a test file run so many times, from a seed that is told at once: the same run again is
 * `LOGTO_CLI_TEST_SEED=<seed> npx vitest run --config test/vitest.config.ts test/fuzz`.
 */
export function fuzz(numRuns = 400): void {
  const given = Number(process.env['LOGTO_CLI_TEST_SEED'] ?? '');
  const seed = Number.isInteger(given) && given !== 0 ? given : randomInt(1, 2 ** 31 - 1);
  process.stderr.write(`fuzzing with LOGTO_CLI_TEST_SEED=${seed}\n`);
  fc.configureGlobal({ seed, numRuns });
}
