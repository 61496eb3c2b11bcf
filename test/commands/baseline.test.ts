import { existsSync } from 'node:fs';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unwrittenReason } from '../../src/check/run/baseline.js';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { patientRuntime } from '../battery/battery-run.js';
import { schemaFaults } from '../output/junit-schema.js';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let emulator: Emulator;
let requests = 0;
beforeAll(async () => {
  emulator = await startEmulator({
    onRequest: () => {
      requests += 1;
    },
  });
});
afterAll(() => emulator.close());

let home: string;
let file: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  file = join(home, 'known.json');
  requests = 0;
});

async function run(args: readonly string[], environment = {}) {
  const runtime = patientRuntime({
    home,
    environment: { LOGTO_CLI_ALICE: 'emulator-only-alice', ...environment },
  });
  const exitCode = await runInProcess(runtime, args);
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text.replace(/\s+/g, ' ') };
}

const at = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
const elsewhere = ['--redirect-uri', 'http://localhost:3000/elsewhere'];
const know = (...known: readonly object[]) => writeFile(file, JSON.stringify({ version: 1, known }, null, 2));
const kept = async () => JSON.parse(await readFile(file, 'utf8'));
const reason = 'the old tenant';

const scenarios = [
  { name: 'alice', user: { username: 'alice', passwordVariable: 'LOGTO_CLI_ALICE' } },
  { name: 'bob', user: { username: 'bob', passwordVariable: 'LOGTO_CLI_ALICE' } },
];
const scenarioFile = async () => {
  const path = join(home, 'sign-ins.json');
  await writeFile(path, JSON.stringify({ scenarios }, null, 2));
  return path;
};

/** Each command with one check that fails, and one that passes. */
const commands = [
  {
    name: 'doctor',
    failing: 'application.redirect-uri',
    passing: 'provider.discovery',
    only: [],
    command: async () => ['doctor', ...at(), ...elsewhere],
  },
  {
    name: 'test',
    failing: 'authorization.request',
    passing: 'discovery.endpoints',
    only: ['--only', 'discovery.endpoints'],
    command: async () => [
      'test',
      ...at(),
      ...elsewhere,
      '--only',
      'authorization.request,discovery.endpoints',
    ],
  },
  {
    name: 'test <file>',
    failing: 'scenario.bob',
    passing: 'scenario.alice',
    only: ['--only', 'alice'],
    command: async () => ['test', await scenarioFile(), ...at()],
  },
];

describe.each(commands)('$name with a baseline', ({ command, failing, passing }) => {
  it('passes what is known, and lists it as known', async () => {
    await know({ check: failing, outcome: 'failed', reason, until: '2999-12-31' });
    const { exitCode, stdout } = await run([...(await command()), '--baseline', file]);
    expect(stdout).toMatch(/Known, by the baseline\n {2}~ .*\n {4}the old tenant \(until 2999-12-31\)\n/);
    expect(stdout).toMatch(/\n(\d+ warnings?, )?1 known, \d+ passed.* in \d/);
    expect(stdout).not.toContain('Wrong');
    expect(exitCode).toBe(0);
    const json = await run([...(await command()), '--baseline', file, '--json']);
    const { outcome, checks, stale } = JSON.parse(json.stdout);
    expect({ outcome, stale, exitCode: json.exitCode }).toEqual({
      outcome: 'passed',
      stale: [],
      exitCode: 0,
    });
    const known = checks.filter((check: object) => 'known' in check);
    expect(known).toEqual([
      expect.objectContaining({ id: failing, outcome: 'failed', known: { reason, until: '2999-12-31' } }),
    ]);
  });

  it('fails for what is new', async () => {
    await know();
    const { exitCode, stdout } = await run([...(await command()), '--baseline', file]);
    expect(stdout).toContain('Wrong');
    expect(exitCode).toBe(1);
  });

  it('fails for what is no longer so, and for a day that is over, and names it', async () => {
    await know(
      { check: failing, outcome: 'failed', reason, until: '2020-01-01' },
      { check: passing, outcome: 'failed', reason },
    );
    const { exitCode, stdout } = await run([...(await command()), '--baseline', file]);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(
      `The baseline accepts ${failing} until 2020-01-01, and that day is over (UTC). This time it ended as: failed.`,
    );
    expect(text).toContain(`The baseline knows ${passing} as failed, and it is no longer so: passed.`);
    expect(text).toContain('2 no longer known, 1 failed');
    expect(text).toContain('hint: Correct what is wrong, or move the day in the baseline.');
    expect(text).toContain('hint: Take it out of the baseline, or have that done: add --update-baseline');
    expect(exitCode).toBe(1);
    const json = await run([...(await command()), '--baseline', file, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      outcome: 'failed',
      stale: [
        { check: failing, outcome: 'failed', reason, until: '2020-01-01', why: 'expired', found: 'failed' },
        { check: passing, outcome: 'failed', reason, why: 'gone', found: 'passed' },
      ],
    });
  });

  it('ends before anything is asked where the baseline names a check that there is not', async () => {
    await know({ check: `${failing}s`, outcome: 'failed', reason });
    expect(await failureOf(run([...(await command()), '--baseline', file]))).toMatchObject({
      code: 'config_invalid',
      details: { path: 'known[0].check' },
      message: expect.stringContaining(`${failing}s`),
    });
    expect(requests).toBe(0);
  });

  it('writes the baseline: what is new is added, what is gone is taken out, reasons stay', async () => {
    const first = await run([...(await command()), '--baseline', file, '--update-baseline']);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('knows of 1: 1 added, 0 taken out.');
    expect(first.stderr).toContain(`has no reason yet for ${failing}: write why that is accepted.`);
    expect(await kept()).toEqual({
      version: 1,
      known: [{ check: failing, outcome: 'failed', reason: unwrittenReason }],
    });
    await know(
      { check: passing, outcome: 'failed', reason },
      { check: failing, outcome: 'failed', reason, until: '2999-01-01' },
    );
    const second = await run([...(await command()), '--baseline', file, '--update-baseline', '--json']);
    expect(second).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('0 added, 1 taken out.') });
    expect(second.stderr).not.toContain('no reason yet');
    const { known } = await kept();
    expect(known).toEqual([{ check: failing, outcome: 'failed', reason, until: '2999-01-01' }]);
  });
});

describe.each(commands.slice(1))('$name with a choice and a baseline', ({ command, failing, only }) => {
  const chosen = async () => [
    ...(await command()).filter((_, at, all) => all[at] !== '--only' && all[at - 1] !== '--only'),
    ...only,
  ];

  it('says nothing of what was not run, and keeps it', async () => {
    await know({ check: failing, outcome: 'failed', reason, until: '2020-01-01' });
    expect(await run([...(await chosen()), '--baseline', file])).toMatchObject({ exitCode: 0 });
    expect(await run([...(await chosen()), '--baseline', file, '--update-baseline'])).toMatchObject({
      exitCode: 0,
    });
    expect((await kept()).known).toHaveLength(1);
  });
});

describe('a baseline', () => {
  it('shows in JUnit as a test that is skipped, with the reason, and as one that failed where it is out of date', async () => {
    const [, test] = commands;
    await know(
      { check: 'authorization.request', outcome: 'failed', reason },
      { check: 'discovery.endpoints', outcome: 'incomplete', reason },
    );
    const xml = join(home, 'report.xml');
    const args = [...((await test?.command()) ?? []), '--baseline', file, '--reporter', `junit=${xml}`];
    expect((await run(args)).exitCode).toBe(1);
    const text = await readFile(xml, 'utf8');
    expect(schemaFaults(text)).toEqual([]);
    expect(text).toContain('<skipped type="known" message="Known: the old tenant">');
    expect(text).toMatch(
      /<testcase classname="baseline" name="baseline\.discovery\.endpoints: The baseline on/,
    );
    expect(text).toMatch(/failures="1" errors="0" skipped="1"/);
  });

  it('shows in a job of GitHub: what is known is in the summary, what is out of date is an error at its line', async () => {
    const [, test] = commands;
    await know(
      { check: 'authorization.request', outcome: 'failed', reason },
      { check: 'discovery.endpoints', outcome: 'failed', reason },
    );
    const summary = join(home, 'summary.md');
    const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: home };
    const args = [...((await test?.command()) ?? []), '--baseline', file, '--reporter', 'github'];
    const { stderr, exitCode } = await run(args, environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      '::error file=known.json,line=9,title=baseline.discovery.endpoints%3A The baseline',
    );
    expect(stderr).not.toContain('title=authorization.request');
    expect(await readFile(summary, 'utf8')).toContain(
      '<tr><td><code>known</code></td><td><code>authorization.request</code></td>',
    );
    expect(await readFile(summary, 'utf8')).toContain('<code>the old tenant</code>');
  });

  it('shows a scenario that failed at its line in the file', async () => {
    const environment = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: home };
    const args = ['test', await scenarioFile(), ...at(), '--reporter', 'github'];
    const { stderr } = await run(args, environment);
    expect(stderr).toContain('::error file=sign-ins.json,line=10,title=scenario.bob%3A bob::');
  });

  it('ends with 3 where something could not be found out that is not known, and with 0 where it is', async () => {
    const path = await scenarioFile();
    const down = ['test', path, '--endpoint', 'http://localhost:9', '--app-id', 'app', '--only', 'alice'];
    await know({ check: 'scenario.alice', outcome: 'failed', reason });
    expect(await run([...down, '--baseline', file])).toMatchObject({ exitCode: 3 });
    await know({ check: 'scenario.alice', outcome: 'incomplete', reason });
    expect(await run([...down, '--baseline', file])).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['there is none', 'known.json', 'ENOENT'],
    ['it is a directory', '.', 'is a directory'],
  ])('cannot be read where %s, and nothing is asked', async (_, name, why) => {
    const failure = await failureOf(run(['test', ...at(), '--baseline', join(home, name)]));
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(why) });
    expect(requests).toBe(0);
  });

  it('that cannot be written is told before anything is asked', async () => {
    const path = join(home, 'no', 'known.json');
    const failure = await failureOf(run(['test', ...at(), '--baseline', path, '--update-baseline']));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/cannot be written.*ENOENT/),
    });
    expect(requests).toBe(0);
  });

  it('is not touched where the run is refused, nor is an empty one left behind', async () => {
    const args = [
      'test',
      ...at(),
      '--baseline',
      file,
      '--update-baseline',
      '--ca-file',
      join(home, 'none.pem'),
    ];
    await expect(run(args)).rejects.toThrow();
    expect(existsSync(file)).toBe(false);
  });

  it('keeps its permissions when it is written', async () => {
    await know({ check: 'discovery.endpoints', outcome: 'failed', reason });
    await chmod(file, 0o640);
    await run(['test', ...at(), '--only', 'discovery.endpoints', '--baseline', file, '--update-baseline']);
    expect((await kept()).known).toEqual([]);
    const { mode } = await stat(file);
    expect(mode & 0o777).toBe(0o640);
  });

  it('is named where it is to be written', async () => {
    expect(await failureOf(run(['test', ...at(), '--update-baseline']))).toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('--baseline'),
    });
  });
});
