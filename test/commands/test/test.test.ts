import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checksWithoutUser } from '../../../src/check/without-user/checks-without-user.js';
import { type Emulator, startEmulator } from '../../../src/testing.js';
import { patientRuntime } from '../../battery/battery-run.js';
import { parseXml, schemaFaults } from '../../output/junit-schema.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { interruption, type TestMachine } from '../../support/test-runtime.js';

let emulator: Emulator;
let requests = 0;
let onRequest = () => {};
beforeAll(async () => {
  emulator = await startEmulator({
    onRequest: () => {
      requests += 1;
      onRequest();
    },
  });
});
afterAll(() => emulator.close());

async function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const home = machine.home ?? (await temporaryDirectory());
  const runtime = patientRuntime({ ...machine, home });
  const exitCode = await runInProcess(runtime, ['test', ...args]);
  return { exitCode, stdout: runtime.stdout.text, lines: runtime.stdout.lines, stderr: runtime.stderr.text };
}

const native = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
const wrong = () => [...native(), '--redirect-uri', 'http://localhost:3000/elsewhere'];

describe('test', () => {
  it('shows a person a line for each group, and spells out what there is to say, the worst last', async () => {
    const { lines, stderr, exitCode } = await run(wrong());
    expect(lines[0]).toBe(`${emulator.issuer}, application emulator-native`);
    expect(lines).toContain('  ✓ keys            5 passed');
    expect(lines).toContain('  ✗ authorization   1 failed, 4 skipped');
    expect(lines).toContain(
      '  - pkce            skipped: Not checked: it needs “A sound request”, which failed.',
    );
    const [look, bad] = [lines.indexOf('Worth a look'), lines.indexOf('Wrong')];
    expect(look).toBeGreaterThan(0);
    expect(bad).toBeGreaterThan(look);
    expect(lines[bad + 1]).toBe('  ✗ A sound request (authorization.request, redirect_uri_not_registered)');
    expect(lines.slice(bad).join(' ')).toMatch(/\[OpenID Connect Core 1\.0, +3\.1\.2\.6\].*hint: /);
    expect(lines.at(-1)).toMatch(/^1 failed, 1 warning, \d+ passed, \d+ skipped in (\d+\.\d s|\d+ ms)$/);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  });

  it('is one JSON document with --json, each message with its clause', async () => {
    const { stdout, stderr } = await run([...wrong(), '--json']);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['outcome', 'checks']);
    expect(document.checks).toHaveLength(checksWithoutUser.length);
    for (const check of document.checks) {
      expect(check).toEqual({
        id: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
        title: expect.any(String),
        outcome: expect.stringMatching(/^(passed|failed|warning|incomplete|skipped)$/),
        message: expect.stringMatching(/ \[.+\]$|^Not checked: /),
        durationMs: expect.any(Number),
        ...('code' in check && { code: expect.stringMatching(/^[a-z_]+$/) }),
        ...('hint' in check && { hint: expect.any(String) }),
      });
      if (/failed|warning|incomplete/.test(check.outcome)) expect(check.hint).toMatch(/\S/);
    }
    expect(stderr).toBe('');
  });

  it('has a line for each check with --verbose, with what it took', async () => {
    const { stderr } = await run([...native(), '--verbose']);
    expect(
      stderr.split('\n').filter((line) => /^[a-z-]+\.[a-z-]+: \w+ \(\d+ ms\): /.test(line)),
    ).toHaveLength(checksWithoutUser.length);
  });

  it('says on a terminal how far it is, and takes that back', async () => {
    const { stderr } = await run(native(), { isTerminal: true });
    expect(stderr).toMatch(/Checked \d+ of \d+: [a-z-]+\./);
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect((await run([...native(), '--quiet'], { isTerminal: true })).stderr).toBe('');
  });

  it('ends when it is interrupted', async () => {
    const reason = interruption();
    expect(await failureOf(run(native(), { interruption: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('says what is missing, and which URI is none', async () => {
    expect(await failureOf(run([]))).toMatchObject({ code: 'config_missing' });
    expect(await failureOf(run([...native(), '--redirect-uri', 'nowhere']))).toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('test --list', () => {
  it('lists every check with the clause that it stands on, and needs no setting', async () => {
    const { lines, exitCode } = await run(['--list']);
    expect(lines).toHaveLength(checksWithoutUser.length);
    expect(lines.length).toBeGreaterThanOrEqual(30);
    expect(lines).toContainEqual(
      expect.stringMatching(/^pkce\.plain +PKCE method plain +RFC 9700, 2\.1\.1$/),
    );
    expect(exitCode).toBe(0);
  });

  it('is a document with --json', async () => {
    const { stdout } = await run(['--list', '--json', '--only', 'pkce.plain']);
    expect(JSON.parse(stdout).checks.at(-1)).toEqual({
      id: 'pkce.plain',
      title: 'PKCE method plain',
      clause: 'RFC 9700, 2.1.1',
      needs: ['authorization.request'],
    });
  });

  it('has ids and titles that are all different', () => {
    for (const names of [
      checksWithoutUser.map(({ id }) => id),
      checksWithoutUser.map(({ title }) => title),
    ]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('test --only', () => {
  it('runs what is chosen, by id or group, and what that needs', async () => {
    const { stdout } = await run([
      ...native(),
      '--json',
      '--only',
      'pkce.plain,userinfo',
      '--only',
      'keys.ids',
    ]);
    expect(JSON.parse(stdout).checks.map(({ id }: { id: string }) => id)).toEqual([
      ...['discovery.document', 'discovery.issuer', 'discovery.endpoints'],
      ...['keys.document', 'keys.ids', 'authorization.request', 'pkce.plain'],
      ...['userinfo.no-token', 'userinfo.made-up-token'],
    ]);
  });

  it.each(['nothing', 'pkce.nothing', 'pk', ','])('refuses %j', async (word) => {
    expect(await failureOf(run([...native(), '--only', word]))).toMatchObject({ code: 'usage_invalid' });
  });
});

describe('test --reporter', () => {
  it('writes a JUnit report that follows its schemas, with every check, its time and its clause', async () => {
    const file = join(await temporaryDirectory(), 'report.xml');
    await writeFile(file, 'what was there before');
    const { exitCode, stdout } = await run([...wrong(), '--json', '--reporter', `junit=${file}`]);
    const xml = await readFile(file, 'utf8');
    expect(schemaFaults(xml)).toEqual([]);
    const [suite] = parseXml(xml).children;
    const { checks } = JSON.parse(stdout);
    expect(suite?.attributes).toMatchObject({ tests: `${checks.length}`, failures: '1', errors: '0' });
    const failed = suite?.children.find(({ children }) => children.some(({ name }) => name === 'failure'));
    expect(failed?.attributes).toMatchObject({
      classname: 'authorization',
      name: 'authorization.request: A sound request',
      time: expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(failed?.children[0]?.attributes).toMatchObject({
      type: 'redirect_uri_not_registered',
      message: expect.stringContaining('[OpenID Connect Core 1.0, 3.1.2.6]'),
    });
    expect(suite?.children.find(({ name }) => name === 'system-out')?.text).toMatch(
      /^warning: discovery\.id-token-algorithms: RS256/,
    );
    expect(exitCode).toBe(1);
  });

  it('tells what could not be run as an error of the report', async () => {
    const file = join(await temporaryDirectory(), 'report.xml');
    const nobody = ['--endpoint', 'http://127.0.0.1:9', '--app-id', 'app'];
    expect((await run([...nobody, '--reporter', `junit=${file}`])).exitCode).toBe(3);
    const xml = await readFile(file, 'utf8');
    expect(schemaFaults(xml)).toEqual([]);
    expect(parseXml(xml).children[0]?.attributes).toMatchObject({ errors: '1', failures: '0' });
  });

  it('annotates a job of GitHub on stderr, beside one document on stdout, and sums it up', async () => {
    const home = await temporaryDirectory();
    const summary = join(home, 'summary.md');
    await writeFile(summary, 'of another step\n');
    const machine = { home, environment: { GITHUB_STEP_SUMMARY: summary } };
    const { stdout, stderr } = await run([...wrong(), '--json', '--reporter', 'github'], machine);
    expect(JSON.parse(stdout).outcome).toBe('failed');
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^::error title=authorization\.request%3A A sound request::The redirect URI .*Hint: /,
    );
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^::warning title=discovery\.id-token-algorithms/),
    ]);
    const text = await readFile(summary, 'utf8');
    expect(text).toMatch(/^of another step\n### Sign-in checks: failed\n/);
    expect(text).toContain(
      '<tr><td><code>failed</code></td><td><code>authorization.request</code></td><td><code>The redirect URI ',
    );
    expect(text.match(/^<tr><td><code>passed<\/code>/gm)?.length).toBeGreaterThan(10);
  });

  it('does both at once, and the first needs no summary', async () => {
    const file = join(await temporaryDirectory(), 'report.xml');
    const reporters = ['--reporter', 'github', '--reporter', `junit=${file}`];
    const { stderr, lines } = await run([...native(), '--only', 'discovery', ...reporters]);
    expect(stderr).toMatch(/^::warning title=discovery/);
    expect(lines.at(-1)).toMatch(/^1 warning, 7 passed/);
    expect(schemaFaults(await readFile(file, 'utf8'))).toEqual([]);
  });

  describe.each([
    ['sound', native, 'passed', 2],
    ['wrong', wrong, 'failed', 1],
  ])('of a %s application that can no longer be written', (_, application, outcome, exitCode) => {
    /** A run whose first report stands in a directory that is taken away while the provider is asked. */
    const losing = async (flags: readonly string[] = []) => {
      const directory = await temporaryDirectory();
      const [lost, kept] = [join(directory, 'a', 'report.xml'), join(directory, 'report.xml')];
      await mkdir(join(directory, 'a'));
      onRequest = () => rmSync(join(directory, 'a'), { recursive: true, force: true });
      onTestFinished(() => {
        onRequest = () => {};
      });
      const reporters = ['--reporter', `junit=${lost}`, '--reporter', `junit=${kept}`];
      const only = ['--only', outcome === 'failed' ? 'authorization.request' : 'discovery.endpoints'];
      return { ...(await run([...application(), ...only, ...reporters, ...flags])), kept };
    };

    it('is followed by the result, what is wrong with it, and the code of what is worse', async () => {
      const { stdout, stderr, kept, exitCode: code } = await losing();
      expect(stdout).toMatch(new RegExp(`^\\d+ ${outcome}`, 'm'));
      expect(stderr).toMatch(/error: The file of --reporter junit cannot be written: .*ENOENT/);
      expect(code).toBe(exitCode);
      expect(schemaFaults(await readFile(kept, 'utf8'))).toEqual([]);
    });

    it('is in the one document of --json', async () => {
      const { stdout, exitCode: code } = await losing(['--json']);
      expect(JSON.parse(stdout)).toMatchObject({ outcome, error: { code: 'config_invalid' } });
      expect(code).toBe(exitCode);
    });
  });

  it('says before it asks anything that a report cannot be written', async () => {
    const directory = await temporaryDirectory();
    requests = 0;
    expect(
      await failureOf(run([...native(), '--reporter', `junit=${directory}/no/report.xml`])),
    ).toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/--reporter junit .*ENOENT/),
    });
    expect(requests).toBe(0);
  });

  it.each(['junit', 'junit=', 'sarif=', 'html', 'github=x'])('refuses %j', async (reporter) => {
    await expect(run([...native(), '--reporter', reporter])).rejects.toThrow(
      'It takes junit=<file>, sarif=<file> or github.',
    );
  });
});
