import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from './temporary-directory.js';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reporter = fileURLToPath(new URL('summary-reporter.ts', import.meta.url));

/** What the reporter says of a file of tests, in projects of these names. */
async function summaryOf(tests: string, names: readonly string[]): Promise<readonly string[]> {
  const root = await temporaryDirectory();
  const projects = names.map((name) => ({
    test: { name, globals: true, retry: 1, include: [`${name}.test.mjs`] },
  }));
  writeFileSync(join(root, 'vitest.config.mjs'), `export default ${JSON.stringify({ test: { projects } })}`);
  for (const name of names) writeFileSync(join(root, `${name}.test.mjs`), tests);
  const args = [vitest, 'run', '--root', root, '--reporter', reporter];
  const stdout = await new Promise<string>((done) =>
    execFile(process.execPath, args, { cwd: root }, (_, text) => done(text)),
  );
  return stdout.trim().split('\n').slice(-6);
}

const unsteady = "let runs = 0; it('is unsteady', () => expect(++runs).toBe(2));";

describe('the summary of a run of tests', () => {
  it('names what passed on a retry only', async () => {
    expect(await summaryOf(unsteady, ['units', 'deep'])).toEqual([
      '2 passed on retry:',
      '  units.test.mjs > is unsteady',
      '  deep.test.mjs > is unsteady',
      '2 passed, 0 failed, 0 skipped',
    ]);
  });

  it('says how to run the rest when all of the quick tier passed', async () => {
    const rest = 'Everything else is tested by: npm run test:deep (test/README.md)';
    expect(await summaryOf("it('passes', () => {});", ['units'])).toEqual([
      rest,
      '1 passed, 0 failed, 0 skipped',
    ]);
    expect(await summaryOf("it('fails', () => expect(1).toBe(2));", ['units'])).toEqual([
      '0 passed, 1 failed, 0 skipped',
    ]);
  });
});
