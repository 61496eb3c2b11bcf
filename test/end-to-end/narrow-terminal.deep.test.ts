import { describe, expect, it } from 'vitest';
import { executable } from '../support/capabilities.js';
import { runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const missing = executable('script') === null ? 'not installed: script' : null;

/** What somebody sees on a terminal of that many columns, line by line. */
async function seen(columns: number, environment: Record<string, string>, ...args: string[]) {
  const home = await temporaryDirectory();
  const { stdout } = await runProgram(args, {
    home,
    environment: { LOGTO_CLI_STORAGE: 'file', ...environment },
    terminal: true,
    columns,
  });
  return stdout.replaceAll('\r', '').split('\n');
}

describe.each([40, 80, 120])('on a terminal of %i columns', (columns) => {
  it('messages, hints, results and help break between words, and commands do not', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const application = ['--endpoint', 'https://sign-in.example.com', '--app-id', 'an-application'];
    const outputs = await Promise.all([
      seen(columns, {}, 'whoami', ...application),
      seen(columns, {}, 'sign-in', '--help'),
      seen(columns, {}, 'test', '--help'),
      seen(columns, {}, 'help'),
      seen(columns, {}, 'help', 'storage'),
      seen(columns, {}, 'demo'),
      seen(columns, {}, 'explain', 'not_signed_in'),
      seen(columns, {}, 'doctor', '--quiet'),
      seen(columns, {}, 'profile', 'show'),
      seen(columns, {}, 'profile', 'list'),
      seen(columns, {}, 'sign-out'),
    ]);
    for (const line of outputs.flat()) {
      const isCopied = /^ *(?:Fix +|hint: |more: )?[`(]?logto-cli [a-z]|\$ |^ *\S+$|Usage: /.test(line);
      if (!isCopied) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
    expect(outputs[0]?.join('\n')).toContain(`logto-cli sign-in ${application.join(' ')}\n`);
  });
});

describe('a terminal whose locale is not UTF-8', () => {
  it.for([
    ['demo'],
    ['doctor'],
    ['whoami', '--remote'],
    ['sign-in', '--help'],
    ['help', 'trace'],
    ['help', 'ci'],
    ['explain', 'config_missing'],
  ])('is told %s in ASCII', async (args, { skip }) => {
    skip(missing !== null, missing ?? '');
    const lines = await seen(80, { LANG: 'C' }, ...args);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it is about
    expect(lines.filter((line) => /[^\x00-\x7f]/.test(line))).toEqual([]);
  });

  it('gets a JSON document as it is', async () => {
    const home = await temporaryDirectory();
    const explain = (LANG: string) => runProgram(['explain', '--json'], { home, environment: { LANG } });
    expect((await explain('C')).stdout).toBe((await explain('C.UTF-8')).stdout);
  });
});
