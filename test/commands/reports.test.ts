import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { patientRuntime } from '../battery/battery-run.js';
import { schemaFaults } from '../output/junit-schema.js';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { sarifFaults } from '../support/schema-check.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

let home: string;
let environment: Record<string, string>;
beforeEach(async () => {
  home = await temporaryDirectory();
  environment = {
    LOGTO_CLI_ALICE: 'emulator-only-alice',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: home,
    GITHUB_STEP_SUMMARY: join(home, 'summary.md'),
  };
});

const at = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
const textOf = (name: string) => readFile(join(home, name), 'utf8');
const reporters = () => [
  ...['--reporter', `junit=${join(home, 'report.xml')}`],
  ...['--reporter', `sarif=${join(home, 'report.sarif')}`],
  ...['--reporter', 'github'],
];

async function run(args: readonly string[]) {
  const runtime = patientRuntime({ home, environment });
  const exitCode = await runInProcess(runtime, [...args, ...reporters()]).catch((error) => {
    throw Object.assign(error, { stderr: runtime.stderr.text });
  });
  const sarif = JSON.parse(await textOf('report.sarif'));
  expect(sarifFaults(sarif)).toEqual([]);
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text, log: sarif.runs[0] };
}

const user = (username: string) => ({ username, passwordVariable: 'LOGTO_CLI_ALICE' });
async function scenarioFile(names: readonly string[] = ['alice', 'bob']): Promise<string> {
  const scenarios = names.map((name) => ({ name, user: user(name.replace(/\d/, '')) }));
  await writeFile(join(home, 'sign-ins.json'), JSON.stringify({ scenarios }, null, 2));
  return join(home, 'sign-ins.json');
}

describe('a SARIF log', () => {
  it('has what is wrong as results, by the ids of checks, and no others', async () => {
    const { log, exitCode } = await run([
      'test',
      ...at(),
      '--redirect-uri',
      'http://localhost:3000/elsewhere',
      '--only',
      'authorization.request,discovery',
    ]);
    expect(exitCode).toBe(1);
    expect(
      log.results.map(({ ruleId, level }: { ruleId: string; level: string }) => `${ruleId} ${level}`),
    ).toEqual(['discovery.id-token-algorithms warning', 'authorization.request error']);
    const [first] = log.results;
    expect(first.locations).toEqual([
      {
        logicalLocations: [expect.objectContaining({ fullyQualifiedName: 'discovery.id-token-algorithms' })],
      },
    ]);
    expect(first.message.text).toMatch(/RS256 must be among .* Hint: /);
    expect(first.suppressions).toBeUndefined();
    expect(log.tool.driver.rules.length).toBeGreaterThan(5);
    expect(log.tool.driver.version).toBe('0.0.0');
  });

  it('has a scenario at its line, and one of the baseline at that of the baseline', async () => {
    const path = await scenarioFile();
    const { log } = await run(['test', path, ...at()]);
    expect(log.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'sign-ins.json' },
      region: { startLine: 10 },
    });
    const known = join(home, 'known.json');
    const entries = ['discovery.endpoints', 'authorization.request'].map((check) => ({
      check,
      outcome: 'failed',
      reason: 'old',
    }));
    await writeFile(known, JSON.stringify({ version: 1, known: entries }, null, 2));
    const judged = await run([
      'test',
      ...at(),
      '--redirect-uri',
      'http://localhost:3000/elsewhere',
      '--only',
      'authorization.request,discovery',
      '--baseline',
      known,
    ]);
    const told = judged.log.results.map(
      // biome-ignore lint/suspicious/noExplicitAny: a document
      ({ ruleId, locations, suppressions }: any) =>
        `${ruleId} ${locations[0].physicalLocation.artifactLocation.uri}:${locations[0].physicalLocation.region.startLine} ${suppressions.map(({ justification }: { justification: string }) => justification)}`,
    );
    expect(told).toEqual([
      'discovery.id-token-algorithms known.json:1 ',
      'authorization.request known.json:9 old',
      'baseline.stale known.json:4 ',
    ]);
  });
});

describe('a run that does not begin', () => {
  it.each([
    ['lacks a provider', ['test'], 'config_missing'],
    [
      'has a baseline that is none',
      ['test', '--endpoint', 'http://localhost:9', '--app-id', 'a', '--baseline', '/nowhere.json'],
      'config_invalid',
    ],
    ['is of a file that is none', ['test', '/nowhere.json'], 'config_invalid'],
    ['is told of a doctor too', ['doctor', '--baseline', '/nowhere.json'], 'config_invalid'],
  ])('is in every report, and never looks like one that passed: it %s', async (_, args, code) => {
    const failure = await failureOf(run(args));
    expect(failure.code).toBe(code);
    const xml = await textOf('report.xml');
    expect(schemaFaults(xml)).toEqual([]);
    expect(xml).toContain(`name="logto-cli ${args[0]}"`);
    expect(xml).toMatch(new RegExp(`errors="1".*\n[^]*<error type="${code}"`));
    const log = JSON.parse(await textOf('report.sarif'));
    expect(sarifFaults(log)).toEqual([]);
    expect(log.runs[0].invocations[0]).toMatchObject({ executionSuccessful: false });
    expect(log.runs[0].results).toEqual([]);
    expect(await textOf('summary.md')).toContain('### Sign-in checks: could not be run');
    expect((failure as unknown as { stderr: string }).stderr).toMatch(/^::error title=run\.ended/m);
  });
});

describe('--shard', () => {
  const names = ['alice1', 'alice2', 'alice3', 'alice4', 'alice5'];

  it('lets every scenario sign in in exactly one part, with --jobs, and says so in each report', async () => {
    const path = await scenarioFile(names);
    const seen: string[] = [];
    for (const number of [1, 2, 3]) {
      const { stdout, exitCode, log } = await run([
        'test',
        path,
        ...at(),
        '--shard',
        `${number}/3`,
        '--jobs',
        '2',
        '--json',
      ]);
      expect(exitCode).toBe(0);
      for (const { title } of JSON.parse(stdout).checks) seen.push(title);
      expect(await textOf('report.xml')).toContain(`<property name="shard" value="${number}/3"/>`);
      expect(log.automationDetails.id).toBe(`logto-cli test, shard ${number}/3/`);
      expect(await textOf('summary.md')).toContain(`shard ${number}/3`);
    }
    expect(seen).toEqual(['alice1', 'alice4', 'alice2', 'alice5', 'alice3']);
  });

  it('divides what --only chooses', async () => {
    const path = await scenarioFile(names);
    const list = async (shard: string) =>
      (
        await runOnly(['test', path, '--only', 'alice2', '--only', 'alice5', '--shard', shard, '--list'])
      ).trim();
    expect(await list('1/2')).toBe('scenario.alice2  alice2');
    expect(await list('2/2')).toBe('scenario.alice5  alice5');
  });

  it('may have nothing to do', async () => {
    const { stdout, exitCode } = await run(['test', await scenarioFile(), ...at(), '--shard', '3/3']);
    expect(stdout).toMatch(/^no scenario, shard 3\/3\n\nnothing checked in (0\.\d s|\d+ ms)\n$/);
    expect(exitCode).toBe(0);
    expect(schemaFaults(await textOf('report.xml'))).toEqual([]);
  });

  it.each(['0/3', '4/3', '1', '1/0', 'a/b', '1/3/5', '-1/3', '1/9999'])('refuses %j', async (shard) => {
    const path = await scenarioFile();
    await expect(runOnly(['test', path, '--shard', shard])).rejects.toThrow(/It takes <part>\/<parts>/);
  });

  it('is for a file', async () => {
    expect(await failureOf(runOnly(['test', ...at(), '--shard', '1/2']))).toMatchObject({
      code: 'usage_invalid',
      message: '--shard is for a file of scenarios, and none is given.',
    });
  });

  async function runOnly(args: readonly string[]): Promise<string> {
    const runtime = patientRuntime({ home, environment });
    await runInProcess(runtime, args);
    return runtime.stdout.text;
  }
});
