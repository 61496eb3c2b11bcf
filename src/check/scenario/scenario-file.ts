import type * as z from 'zod/mini';
import { LogtoError } from '../../errors.js';
import { type Expectation, parseExpectation } from '../../expectation/expectation.js';
import { schemaFault } from '../../schema/schema-fault.js';
import { scenarioFileSchema } from './scenario-schema.js';

type Written = z.infer<ReturnType<typeof scenarioFileSchema>>;
type WrittenScenario = Written['scenarios'][number];

/** Which application at which provider, and what to ask it for. What ends in `Variable` names one of the environment. */
export type ScenarioConnection = NonNullable<Written['defaults']>;

/** One sign-in as its file has it. */
export interface Scenario extends Omit<WrittenScenario, 'expect'> {
  /** `scenario.` and the name in kebab case. No two of a file are the same. */
  readonly id: string;
  /** Where it stands in the file: `scenarios[2]`. */
  readonly path: string;
  readonly expectations: readonly Expectation[];
}

/** A file of scenarios that was checked. */
export interface ScenarioFile {
  readonly defaults: ScenarioConnection;
  readonly scenarios: readonly Scenario[];
}

/**
 * Reads a file of scenarios and checks it against its schema, and beyond what that can say.
 *
 * @throws LogtoError `config_invalid`, which names the place as `scenarios[2].user.username`, and repeats no value
 */
export function parseScenarioFile(json: string): ScenarioFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw invalid('', `is not JSON${placeOf(error, json)}`);
  }
  const fault = schemaFault(value, scenarioFileSchema());
  if (fault !== null) throw invalid(fault.path, fault.problem);
  const { defaults = {}, scenarios } = value as Written;
  const known = new Set<string>();
  return {
    defaults,
    scenarios: scenarios.map((written, index) => {
      const scenario = readScenario(written, `scenarios[${index}]`);
      if (known.has(scenario.id))
        throw invalid(`${scenario.path}.name`, 'is the name of another one already');
      known.add(scenario.id);
      return scenario;
    }),
  };
}

/** A failure of what a file says at this place. */
export function invalid(
  path: string,
  problem: string,
  hint?: string,
  details?: Readonly<Record<string, string>>,
): LogtoError {
  const isSecret = /(^|\.)(password|secret|appSecret|clientSecret|totpSecret|oneTimeToken|backupCode)$/.test(
    path,
  );
  return new LogtoError(
    'config_invalid',
    `The file of scenarios${path === '' ? '' : `, at ${path},`} ${problem}.`,
    hint ??
      (isSecret
        ? 'Secrets never stand in the file: put it into an environment variable, and write its name, as in "passwordVariable": "LOGTO_CLI_ALICE_PASSWORD".'
        : 'Correct it there. An editor shows what is possible with the schema: logto-cli test --schema > scenario.schema.json'),
    { path, ...details },
  );
}

function readScenario({ expect = [], ...written }: WrittenScenario, path: string): Scenario {
  const slug = written.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-|-$/g, '');
  if (slug === '') throw invalid(`${path}.name`, 'has no letter and no digit');
  const { user, signUp } = written;
  if (signUp && user.username === undefined && user.oneTimeTokenVariable === undefined) {
    throw invalid(
      `${path}.user`,
      'registers without a username, which works only with a one-time token',
      'Name the user by username, or by email with oneTimeTokenVariable.',
    );
  }
  const expectations = expect.map((text, index) => readExpectation(text, `${path}.expect[${index}]`));
  return { ...written, id: `scenario.${slug}`, path, expectations };
}

function readExpectation(text: string, path: string): Expectation {
  try {
    return parseExpectation(text);
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    throw invalid(
      path,
      `is no assertion: ${error.message.replace(/^--expect |\.$/g, '')}`,
      'Write claim=value, claim~regex, claim (present), !claim (absent), list[]=value or number>=600.',
    );
  }
}

/** Where a text stops being JSON, where the engine tells. Its own words repeat the text. */
function placeOf(error: unknown, json: string): string {
  const position = /at position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return '';
  const lines = json.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`;
}
