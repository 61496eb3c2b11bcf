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
import { dirname, join, sep } from 'node:path';
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

  it('leads to our own sources alone, each of which is there', () => {
    const dist = join(project, 'dist');
    const paths = readdirSync(dist, { recursive: true }).map(String);
    const maps = paths.filter((path) => path.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(50);
    for (const path of maps) {
      const { sources, names, sourcesContent } = JSON.parse(readFileSync(join(dist, path), 'utf8'));
      expect({ names, sourcesContent }).toEqual({ names: [], sourcesContent: undefined });
      for (const source of sources as string[]) {
        const file = join(dist, dirname(path), source);
        expect(file.startsWith(join(project, 'src') + sep), `${path} leads to ${source}`).toBe(true);
        expect(statSync(file).isFile()).toBe(true);
      }
    }
    for (const path of paths.filter((name) => /\.c?js$/.test(name))) {
      const named = readFileSync(join(dist, path), 'utf8').includes('\n//# sourceMappingURL=');
      expect(named, path).toBe(maps.includes(`${path}.map`));
    }
  });

  it('is not much larger than it was', () => {
    const dist = join(project, 'dist');
    const files = readdirSync(dist, { recursive: true }).map((path) => statSync(join(dist, String(path))));
    const bytes = files.filter((found) => found.isFile()).reduce((sum, { size }) => sum + size, 0);
    // With the packages that are installed beside it 6 MB.
    expect(bytes).toBeLessThan(3_900_000);
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
    expect(stderr).toMatch(/readCommandLine \(.*src\/cli\/command-line\.ts:\d+:\d+/);
  });

  it('says of the stack of a bug in a package where that is in the bundle', async () => {
    const copy = await copyOfProject();
    edit(
      join(copy, 'node_modules/commander/lib/command.js'),
      /(async parseAsync\(.*\n)/,
      '$1    if (Date.now() > 0) null.bug();\n',
    );
    expect(await bundle(copy)).toMatchObject({ exitCode: 0 });
    const { stderr } = await run(copy, 'explain', 'usage_invalid', '--verbose');
    expect(stderr).toMatch(
      /parseAsync \(.*dist\/parser\.cjs:\d+:\d+\)\n.* main \(.*src\/cli\/main\.ts:\d+:\d+/,
    );
  });
});
