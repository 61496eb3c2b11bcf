import type { KnowableChecks } from '../../check/run/baseline-file.js';
import { once } from '../../check/run/once.js';
import { runScenarios } from '../../check/scenario/run-scenarios.js';
import { parseScenarioFile, type Scenario, type ScenarioFile } from '../../check/scenario/scenario-file.js';
import { scenarioSchema } from '../../check/scenario/scenario-schema.js';
import { issuerOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { stepMilliseconds } from '../../headless/totp.js';
import { readNamedTextOrPipe } from '../../read-file.js';
import { itemLines } from '../../schema/item-lines.js';
import type { CommandContext } from '../../session/command-context.js';
import type { PlaceOf } from '../report/check-place.js';
import { type ReportedChecks, reportChecks } from '../report/report-checks.js';
import { prepareScenarios } from './scenario-settings.js';
import { inShard, shardText } from './shard.js';
import type { TestFlags } from './test-flags.js';
import { scenarioLines, testLines } from './test-report.js';

/** Milliseconds for one scenario, each request of which has limits of its own. */
const timeLimit = 60_000;

/**
 * Signs in as a file of scenarios says, and reports what came of each; or prints the schema of such files.
 *
 * @returns the exit code
 * @throws LogtoError `usage_invalid`; `config_invalid`, `config_missing`, `profile_unknown` before anybody has signed
 * in; storage codes; `interrupted`
 */
export async function testScenarios(
  context: CommandContext,
  flags: TestFlags,
  path: string | undefined,
): Promise<number> {
  const { output } = context;
  if (flags.schema) {
    const schema = scenarioSchema();
    output.result(schema);
    return 0;
  }
  checkFlags(flags, path);
  const load = once(() => loadFile(path, flags));
  if (flags.list) {
    const { scenarios } = await load();
    output.result(
      { checks: scenarios.map(({ id, name }) => ({ id, title: name })) },
      scenarios.map(({ id, name }) => `${id}  ${name}`),
    );
    return 0;
  }
  const found = { command: 'logto-cli test', find: async () => (await load()).knowable };
  return reportChecks(context, flags, found, async () => prepareRun(context, flags, await load()));
}

/** What a file says, and where. */
interface LoadedFile extends ScenarioFile {
  /** What a baseline of the file may name: all of it. */
  readonly knowable: KnowableChecks;
  readonly placeOf: PlaceOf;
}

/** Reads the scenarios of a file that are to be run. */
async function loadFile(path: string, { only, shard }: TestFlags): Promise<LoadedFile> {
  const text = await read(path);
  const { defaults, scenarios } = parseScenarioFile(text);
  const wanted = chosen(scenarios, only);
  const ids = scenarios.map(({ id }) => id);
  const lines = itemLines(text, 'scenarios');
  return {
    defaults,
    scenarios: shard === undefined ? wanted : inShard(wanted, shard),
    knowable: {
      command: 'logto-cli test',
      ids,
      kind: 'scenario of the file',
      hint: 'See them with: logto-cli test <file> --list',
    },
    placeOf(id) {
      const line = lines[ids.indexOf(id)];
      return line === undefined ? undefined : { file: path, line };
    },
  };
}

async function prepareRun(
  context: CommandContext,
  flags: TestFlags,
  { placeOf, ...file }: LoadedFile,
): Promise<ReportedChecks> {
  const ready = await prepareScenarios(context, flags, file);
  const target = {
    issuer: [...new Set(ready.map(({ application }) => issuerOf(application)))].join(', '),
    appId: [...new Set(ready.map(({ application }) => application.appId))].join(', '),
  };
  const about = ready.length === 0 ? 'no scenario' : `${target.issuer}, application ${target.appId}`;
  const part = flags.shard && shardText(flags.shard);
  const subject = part === undefined ? about : `${about}, shard ${part}`;
  return {
    amount: ready.length,
    suite: {
      name: part === undefined ? 'logto-cli test' : `logto-cli test, shard ${part}`,
      subject,
      properties: { ...(ready.length > 0 && target), ...(part !== undefined && { shard: part }) },
    },
    placeOf,
    // Each sign-in with a code of an authenticator takes one of its own.
    run: (watch) =>
      runScenarios(ready, {
        ...watch,
        jobs: flags.jobs ?? 4,
        timeLimit: timeLimit + stepMilliseconds * ready.filter(({ user }) => user.totpSecret).length,
      }),
    lines: testLines(subject, scenarioLines),
  };
}

function chosen(scenarios: readonly Scenario[], only: readonly string[] | undefined): readonly Scenario[] {
  if (only === undefined) return scenarios;
  const isNamed =
    (word: string) =>
    ({ id }: Scenario) =>
      id === word || id === `scenario.${word}`;
  const unknown = only.filter((word) => !scenarios.some(isNamed(word)));
  if (unknown.length === 0 && only.length > 0) {
    return scenarios.filter((scenario) => only.some((word) => isNamed(word)(scenario)));
  }
  throw new LogtoError(
    'usage_invalid',
    `--only names no scenario of the file: ${unknown.join(', ') || 'it is empty'}.`,
    'See them with: logto-cli test <file> --list',
  );
}

function read(path: string): Promise<string> {
  return readNamedTextOrPipe(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The file of scenarios cannot be read: ${path} (${why}).`,
        'Give the path of a JSON file; its schema is printed by: logto-cli test --schema',
      ),
  );
}

function checkFlags(flags: TestFlags, path: string | undefined): asserts path is string {
  if (path === undefined) {
    throw new LogtoError(
      'usage_invalid',
      `${flags.shard === undefined ? '--jobs' : '--shard'} is for a file of scenarios, and none is given.`,
      'Give one: logto-cli test <file.json> --jobs 8 --shard 2/5. Its schema is printed by: logto-cli test --schema',
    );
  }
  if (flags.device) {
    throw new LogtoError(
      'usage_invalid',
      '--device does not go with a file of scenarios.',
      'Leave it out: nobody is signed in by the device flow.',
    );
  }
}
