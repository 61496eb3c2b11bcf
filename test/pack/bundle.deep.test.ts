import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the bundle is made of and with, in a folder of its own. */
async function copyOfProject(): Promise<string> {
  const copy = join(await temporaryDirectory(), 'project');
  for (const path of ['package.json', 'bin', 'src', 'build', 'test/pack'])
    cpSync(join(project, path), join(copy, path), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  const installed = realpathSync(join(project, 'node_modules'));
  for (const name of readdirSync(installed).filter((entry) => entry !== 'commander'))
    symlinkSync(join(installed, name), join(copy, 'node_modules', name));
  cpSync(join(installed, 'commander'), join(copy, 'node_modules/commander'), { recursive: true });
  return copy;
}

function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, edited);
}

function node(args: readonly string[], cwd: string): Promise<Outcome> {
  const env = { ...process.env, LOGTO_CLI_HOME: join(cwd, 'home') };
  return new Promise((done) =>
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

const bundle = (copy: string) => node(['test/pack/bundle.js'], copy);
const run = (copy: string, ...args: string[]) => node(['bin/logto-cli.js', ...args], copy);

describe('the bundle', () => {
  it('is replaced as a whole, and only when it would be another', async () => {
    const copy = await copyOfProject();
    const dist = () => statSync(join(copy, 'dist')).ino;
    expect(await bundle(copy)).toMatchObject({ exitCode: 0, stderr: '' });
    const first = dist();
    expect(await bundle(copy)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dist()).toBe(first);

    // Keeps the number from being used again.
    mkdirSync(join(copy, 'kept'));
    edit(join(copy, 'build/cli/version.js'), '.version', '.version + "-edited"');
    expect(await bundle(copy)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dist()).not.toBe(first);
    expect(await run(copy, '--version')).toMatchObject({ stdout: expect.stringMatching(/^\S+-edited\n$/) });
  });

  it('is not made when a text that it changes in a package is there no longer', async () => {
    const copy = await copyOfProject();
    expect(await bundle(copy)).toMatchObject({ exitCode: 0 });
    edit(join(copy, 'node_modules/commander/lib/command.js'), "require('node:child_process')", 'null');
    edit(join(copy, 'build/cli/version.js'), '.version', '.version + "-edited"');
    expect(await bundle(copy)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("require('node:child_process') is there 0 times in"),
    });
    expect(await run(copy, '--version')).toMatchObject({ stdout: expect.not.stringContaining('edited') });
  });

  it('knows what was compiled of a file that is there no longer', async () => {
    const copy = await copyOfProject();
    mkdirSync(join(copy, 'build/forgotten'));
    writeFileSync(join(copy, 'build/forgotten/module.js'), '');
    expect(await bundle(copy)).toMatchObject({ exitCode: 0 });
    expect(() => statSync(join(copy, 'build/forgotten/module.js'))).toThrow('ENOENT');
  });

  it('leads from the stack of a bug to the source', async () => {
    const copy = await copyOfProject();
    edit(
      join(copy, 'build/cli/command-line.js'),
      /(readCommandLine\(.*\n)/,
      '$1    if (Date.now() > 0) null.bug();\n',
    );
    expect(await bundle(copy)).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await run(copy, 'explain', 'usage_invalid', '--verbose');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/src\/cli\/command-line\.ts:\d+:\d+/);
  });
});
