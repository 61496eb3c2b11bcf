import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The program under measurement. */
export const program = join(import.meta.dirname, '../../bin/logto-cli.js');

/**
 * Runs a fresh process without blocking this one, which is the provider.
 *
 * @returns {Promise<{ stdout: string, stderr: string, milliseconds: number }>}
 */
export async function run(node, args, env) {
  const start = performance.now();
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { stdout, stderr, milliseconds: performance.now() - start };
}
