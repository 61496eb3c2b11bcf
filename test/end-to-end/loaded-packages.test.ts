import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileStorage, LogtoClient } from '../../src/index.js';
import { followSignIn, startEmulator } from '../../src/testing.js';
import { runCommand } from '../support/run-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'logto-cli.js');
const fetchOnce = (url: string, init?: object) => fetch(url, { ...init, redirect: 'manual' });

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'logto-cli-loaded-'));
  const { endpoint, description, close } = await startEmulator();
  const [application, user] = [description.applications[0], description.users[0]];
  if (!application || !user) throw new Error('the default seed is empty');
  const storage = new FileStorage({ directory: join(home, 'sessions', 'default') });
  const client = new LogtoClient({ endpoint, appId: application.appId }, { storage });
  const authorizationUrl = await client.signIn({ redirectUri: application.redirectUris[0] ?? '' });
  await client.handleSignInCallback(await followSignIn({ authorizationUrl, ...user, fetch: fetchOnce }));
  await close();
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('a command that needs no network', () => {
  it.each([
    { args: ['--version'], prints: /^\d+\.\d+\.\d+$/m },
    { args: ['--help'], prints: /sign-in/ },
    { args: ['help', 'flags'], prints: /LOGTO_ENDPOINT/ },
    { args: ['whoami', '--storage', 'file'], prints: /alice/ },
  ])('$args loads no package', async ({ args, prints }) => {
    const { stdout, packages } = await run(args);

    expect(stdout).toMatch(prints);
    expect(packages).toEqual([]);
  });

  it('is told from one that needs it', async () => {
    const { packages } = await run(['demo', '--json']);
    expect(packages).toEqual(expect.arrayContaining(['protocol', 'emulator']));
  });
});

describe('a command that is used all day', () => {
  const signedIn = ['--storage', 'file'];
  const forCache = ['vm'];
  const daily = ['cli/main.cjs', 'cli/start.cjs', 'library.cjs', 'rolldown-runtime.cjs'];

  it.each([
    { args: ['--version'], more: [] },
    { args: ['--help'], more: forCache },
    { args: ['whoami', ...signedIn], more: forCache },
    { args: ['token', ...signedIn], more: forCache },
    { args: ['completion', 'bash'], more: forCache },
    {
      args: ['completion', '--complete', 'fish'],
      input: 'sign-in\0--\0',
      more: forCache,
    },
  ])('$args lets Node load no more of itself than an empty program does, but $more', async (run) => {
    const floor = join(home, 'floor.mjs');
    await writeFile(floor, '');

    const [least, loaded] = [await builtIn([floor]), await builtIn([program, ...run.args], run.input)];

    const more = loaded.filter((name) => !least.includes(name));
    // Not every Node has each of them apart.
    expect(more.filter((name) => !run.more.includes(name))).toEqual([]);
  });

  it.each([
    { args: ['--version'], files: ['cli/start.cjs'], kilobytes: 11 },
    { args: ['--help'], files: ['cli/quick-answer.cjs', 'cli/start.cjs'], kilobytes: 35 },
    { args: ['completion', 'zsh'], files: ['cli/quick-answer.cjs', 'cli/start.cjs'], kilobytes: 35 },
    { args: ['whoami', ...signedIn], files: daily, kilobytes: 127 },
    { args: ['token', ...signedIn], files: daily, kilobytes: 127 },
  ])('$args reads $files of the program, and no more than it did', async ({ args, files, kilobytes }) => {
    const { modules } = await run(args);
    const read = modules.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
    const sizes = await Promise.all(read.map(async (file) => (await readFile(file)).length));
    // Each file is a turn of Node's loader, and each kilobyte is parsed where there is no cache of compiled code.
    const expected = ['bin/logto-cli.js', ...files.map((name) => `dist/${name}`)];
    expect(read.map((file) => relative(root, file)).toSorted()).toEqual(expected);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(kilobytes * 1000);
  });

  it('the page of a topic is loaded with that alone', async () => {
    expect((await run(['help', 'flags'])).modules.filter((url) => /help-(topic|page)/.test(url))).not.toEqual(
      [],
    );
  });
});

describe('a completion', () => {
  it.each([
    { what: 'of a command', words: [''], found: 'whoami' },
    { what: 'of flags', words: ['test', '--'], found: '--baseline' },
    { what: 'of a check', words: ['test', '--only', ''], found: 'pkce.plain' },
    { what: 'of a profile', words: ['profile', 'use', ''], found: 'values' },
  ])(
    '$what loads no command, not the argument parser, and nothing that sends, stores or checks',
    async ({ words, found }) => {
      const asked = words.map((word) => `${word}\0`).join('');

      const { stdout, modules } = await start([program, 'completion', '--complete', 'fish'], asked);

      expect(stdout).toContain(found);
      const files = modules.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
      expect(files.map((file) => relative(root, file)).toSorted()).toEqual([
        'bin/logto-cli.js',
        'dist/cli/quick-answer.cjs',
        'dist/cli/start.cjs',
      ]);
      const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(35_000);
    },
  );
});

describe('the reader of schemas', () => {
  const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const held = ['--storage', 'file'];

  it.each([
    { what: 'the help', args: [program, '--help'], isLoaded: false },
    { what: 'who is signed in', args: [program, 'whoami', ...held], isLoaded: false },
    { what: 'a token that is kept', args: [program, 'token', ...held], isLoaded: false },
    { what: 'the library', args: [library], isLoaded: false },
    { what: 'the demo, whose seed is ours', args: [program, 'demo'], isLoaded: false },
    { what: 'the schema of scenarios', args: [program, 'test', '--schema'], isLoaded: true },
    { what: 'the schema of a seed', args: [program, 'emulator', '--schema'], isLoaded: true },
  ])('is loaded for what has a schema only: $what', async ({ args, isLoaded }) => {
    const { modules } = await start(args);
    const files = modules.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));

    expect(files.length).toBeGreaterThan(0);
    // It stands in a file of ours.
    expect(texts.some((text) => /["'`]ZodMiniType["'`]/.test(text))).toBe(isLoaded);
  });
});

/** Node's own modules that a program has loaded by its end. */
async function builtIn(args: readonly string[], input = ''): Promise<readonly string[]> {
  const list = join(home, 'list.txt');
  const spy = join(home, 'spy.cjs');
  const write =
    "process.getBuiltinModule('fs').writeFileSync(process.env.LIST, process.moduleLoadList.join('\\n'))";
  await writeFile(spy, `process.on('exit', () => ${write});`);
  const env = { ...process.env, LOGTO_CLI_HOME: home, LIST: list };
  const options = { env, input };
  const { status, stderr } = await runCommand(process.execPath, ['--require', spy, ...args], options);
  expect(status, stderr).toBe(0);
  return (await readFile(list, 'utf8')).split('\n').map((line) => line.replace('NativeModule ', ''));
}

interface Run {
  readonly stdout: string;
  readonly modules: readonly string[];
  readonly packages: readonly string[];
}

/** Runs the built program, and names what it loaded. */
async function run(args: readonly string[]): Promise<Run> {
  const { stdout, modules } = await start([program, ...args]);
  // Those that are a part of the program are in files of these names, but for the argument parser.
  const packages = modules
    .flatMap(
      (url) =>
        /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/|\/dist\/(?:.+\/)?(protocol|emulator|cross-spawn)\.cjs$/
          .exec(url)
          ?.slice(1) ?? [],
    )
    .filter((name) => name !== undefined);
  return { stdout, modules, packages: [...new Set(packages)] };
}

/** Runs Node. Its coverage names every module that was loaded. */
async function start(args: readonly string[], input = ''): Promise<Pick<Run, 'stdout' | 'modules'>> {
  const coverage = await mkdtemp(join(home, 'coverage-'));
  const env = { ...process.env, LOGTO_CLI_HOME: home, NODE_V8_COVERAGE: coverage };
  const { status, stdout, stderr } = await runCommand(process.execPath, args, { env, input });
  expect(status, stderr).toBe(0);
  const [file = ''] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, file), 'utf8')) as {
    result: { url: string }[];
  };
  return { stdout, modules: result.map(({ url }) => url) };
}
