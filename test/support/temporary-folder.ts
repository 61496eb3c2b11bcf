import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a test run one folder for everything temporary, tests and the programs that they start alike, and removes it
 * when the run is over: also what a test that broke in the middle left there.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'logto-cli-test-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
