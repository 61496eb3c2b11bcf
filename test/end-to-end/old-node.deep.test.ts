import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Runs the program on this Node, which says that it is another one. `.ci/run` takes a real one. */
async function runOn(version: string, ...args: string[]) {
  const lie = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const node = ['--import', `data:text/javascript,${encodeURIComponent(lie)}`, program, ...args];
  return await promisify(execFile)(process.execPath, node).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, stdout, stderr }),
  );
}

describe('a Node that is too old', () => {
  it.each(['12.22.12', '14.21.3', '18.20.8', '20.18.3'])('is told so in one line: %s', async (version) => {
    for (const args of [['whoami', '--json'], ['--version'], []]) {
      expect(await runOn(version, ...args)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: `logto-cli needs Node.js 20.19 or newer, and this is ${version}: https://nodejs.org\n`,
      });
    }
  });

  it.each(['20.19.0', '20.20.0', '21.0.0', '22.1.0', '26.0.0'])('is not %s', async (version) => {
    expect(await runOn(version, '--version')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is what the package says as well', () => {
    expect(engines.node).toBe('>=20.19');
  });

  it('can read the file, which loads nothing and uses no newer syntax before that', () => {
    const text = readFileSync(program, 'utf8');
    expect(text).not.toMatch(/^import\b/m);
    expect(text).not.toMatch(/^(const .*= )?await\b/m);
    expect(text).not.toMatch(/\?\.|\?\?|#\w+\(|\bimport\.meta/);
  });
});
