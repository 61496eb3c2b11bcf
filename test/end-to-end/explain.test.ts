import { describe, expect, it } from 'vitest';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe('the built program', () => {
  it('explains a code, without colours and at 80 columns in a pipe', async () => {
    const home = await temporaryDirectory();
    const { exitCode, stdout, stderr } = await runProgram(['explain', 'clock_skew'], { home });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^clock_skew \(exit code 6\)\n/);
    expect(stdout).toContain('`sudo timedatectl set-ntp true`');
    // What is to be copied stays whole.
    for (const line of stdout.split('\n').filter((text) => !text.includes('`')))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('says what is near an unknown one, as one document', async () => {
    const home = await temporaryDirectory();
    const outcome = await runProgram(['explain', 'clock_skw', '--json'], { home });
    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome).error).toMatchObject({ code: 'usage_invalid' });
    expect(documentOf(outcome).error.hint).toContain('Did you mean clock_skew?');
  });
});
