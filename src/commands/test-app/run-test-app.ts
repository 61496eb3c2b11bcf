import { applicationChecks } from '../../check/application/application-checks.js';
import { ApplicationProcess, type StartedProgram } from '../../check/application/application-process.js';
import { runApplicationChecks } from '../../check/application/run-application-checks.js';
import { ScriptlessVisiting } from '../../check/application/scriptless-visiting.js';
import { TestedApplication } from '../../check/application/tested-application.js';
import { choose } from '../../check/run/claused-check.js';
import { startEmulator } from '../../emulator/emulator.js';
import { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import { fields } from '../../output/fields.js';
import type { CommandContext } from '../command.js';
import { spelledOutLines, summaryLine } from '../report/check-report.js';
import { groupLines, listLines } from '../report/group-lines.js';
import { knowableChecks } from '../report/knowable-checks.js';
import { reportChecks } from '../report/report-checks.js';
import { appId, applicationSeed, appSecret } from './application-seed.js';
import { applicationOptions, variablesOf } from './application-settings.js';
import { tellingLastWords } from './last-words.js';
import type { TestAppFlags } from './test-app-flags.js';

/** Milliseconds in which an application has to answer once it is started, and in which a person has to start it. */
const startLimit = 60_000;
const patience = 600_000;
/** Bytes of a page. */
const mostBytes = 50 * 1024 * 1024;

/**
 * Starts a provider and an application, has it visited while the provider misbehaves, and reports which wrong answers it
 * believed. Both are ended however that ends.
 *
 * @param words the command that starts the application; none where a person does
 * @returns the exit code
 * @throws LogtoError `usage_invalid`, `config_invalid`, `port_in_use`, `app_not_started`, `app_undecided`, `interrupted`
 */
export async function testApp(
  context: CommandContext,
  url: string | undefined,
  words: readonly string[],
  flags: TestAppFlags,
): Promise<number> {
  const { output } = context;
  const checks = chosenChecks(flags.only);
  if (flags.list === true) {
    output.result(
      { checks: checks.map(({ id, title, clause, needs = [] }) => ({ id, title, clause, needs })) },
      listLines(checks, output.paint),
    );
    return 0;
  }
  const options = applicationOptions(url, appId, flags);
  const closing: (() => Promise<void>)[] = [];
  try {
    return await reportChecks(context, flags, knowable, async () => {
      const application = await prepared(context, options, words, flags, (close) => closing.unshift(close));
      return {
        amount: checks.length,
        suite: {
          name: 'logto-cli test-app',
          subject: options.url,
          properties: { application: options.url },
        },
        run: (watch) => runApplicationChecks({ ...watch, checks, subject: application, jobs: flags.jobs }),
        lines: (run, place) => [
          place.paint.bold(options.url),
          ...groupLines(run.checks, place.paint),
          '',
          ...spelledOutLines(run, place, ({ id, code }) => [id, code].filter(Boolean).join(', ')),
          summaryLine(run, place.paint, run.seconds),
        ],
      };
    });
  } finally {
    for (const close of closing) await close();
  }
}

function chosenChecks(only: readonly string[] | undefined) {
  if (only === undefined) return applicationChecks;
  const { checks, unknown } = choose(applicationChecks, only);
  if (unknown.length === 0 && checks.length > 0) return checks;
  throw new LogtoError(
    'usage_invalid',
    `--only names no check and no group: ${unknown.join(', ') || 'it is empty'}.`,
    'See them with: logto-cli test-app --list',
  );
}

const knowable = knowableChecks('logto-cli test-app', applicationChecks);

/** An application that is there, and that somebody has got to know. */
async function prepared(
  { runtime, output }: CommandContext,
  options: ReturnType<typeof applicationOptions>,
  words: readonly string[],
  flags: TestAppFlags,
  onStart: (close: () => Promise<void>) => void,
): Promise<TestedApplication> {
  const { interruption: signal, sleep } = runtime;
  const emulator = await startEmulator({
    port: flags.port,
    seed: applicationSeed(options.isPublic, options.redirectUri ?? options.url, flags.idTokenAlg),
  });
  onStart(() => emulator.close());
  const { endpoint, issuer } = emulator;
  const settings = { endpoint, issuer, appId, url: options.url, ...(!options.isPublic && { appSecret }) };
  const variables = variablesOf(settings, flags.env);
  const fetch = await runtime.fetch({ maxBytes: mostBytes });
  const [program, ...rest] = words;
  const lastWords = tellingLastWords(runtime.environment);
  const start = async (): Promise<StartedProgram> => {
    const started = await runtime.supervise(program ?? '', rest, variables).catch(asUsageError);
    return {
      ended: started.ended,
      end: () => started.end(),
      lastWords: () => lastWords(started.output()),
    };
  };
  const process = new ApplicationProcess({
    start: program === undefined ? null : start,
    url: options.url,
    isAnswered: () => isAnswered(fetch, options.url, signal),
    timeLimit: program === undefined ? patience : startLimit,
    sleep,
    signal,
  });
  onStart(() => process.end());
  if (program === undefined) {
    output.note(`Start the application with these settings; ${options.url} is waited for:`);
    for (const line of fields(Object.entries(variables), '  ')) output.note(line);
  }
  await process.start();
  output.detail(`The application answers at ${options.url}`);
  const application = new TestedApplication({
    provider: emulator,
    options,
    process,
    visiting: new ScriptlessVisiting({ fetch, signal }),
  });
  await application.getToKnow();
  return application;
}

/** Exit codes 126 and 127 are those of a command that we are run for, as `exec` is. */
function asUsageError(error: unknown): never {
  if (!(error instanceof LogtoError)) throw error;
  throw new LogtoError(error.code, error.message, error.hint);
}

/** Whether somebody answers, whatever that is. */
async function isAnswered(fetch: Fetch, url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, { signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LogtoError) || error.code === 'tls_untrusted') throw error;
    return error.code !== 'network_unreachable' && error.code !== 'request_timeout';
  }
}
