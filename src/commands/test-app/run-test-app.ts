import { applicationChecks } from '../../check/application/application-checks.js';
import { runApplicationChecks } from '../../check/application/run-application-checks.js';
import { ScriptlessVisiting } from '../../check/application/scriptless-visiting.js';
import { TestedApplication } from '../../check/application/tested-application.js';
import type { CheckReport } from '../../check/run/check.js';
import { choose, groupOf } from '../../check/run/claused-check.js';
import { didYouMean } from '../../check/run/nearest-checks.js';
import { startEmulator } from '../../emulator/emulator.js';
import { LogtoError } from '../../errors.js';
import type { CommandContext } from '../../session/command-context.js';
import { shellWord } from '../../shell-word.js';
import { isSpelledOut, spelledOutLines, summaryLine } from '../report/check-report.js';
import { groupLines, listLines } from '../report/group-lines.js';
import { knowableChecks } from '../report/knowable-checks.js';
import { reportChecks } from '../report/report-checks.js';
import { appId, applicationSeed, appSecret, usualAlgorithms } from './application-seed.js';
import { applicationOptions, variablesOf } from './application-settings.js';
import { environmentMask } from './environment-mask.js';
import { groupTimes } from './group-times.js';
import { readProviderTls } from './provider-tls.js';
import { applicationProcess, startApplication } from './start-application.js';
import type { TestAppFlags } from './test-app-flags.js';

/** Bytes of a page: to read it takes time in which nobody else is answered. */
const mostBytes = 5 * 1024 * 1024;

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
        run: async (watch) => {
          const { jobs } = flags;
          const report = await runApplicationChecks({ ...watch, checks, subject: application, jobs });
          for (const line of groupTimes(report.checks, application.visits, jobs)) output.detail(line);
          return report;
        },
        lines: (run, place) => [
          place.paint.bold(options.url),
          ...groupLines(run.checks, place.paint),
          '',
          ...spelledOutLines(run, place, ({ id, code }) => [id, code].filter(Boolean).join(', ')),
          ...explainedLine(run.checks),
          summaryLine(run, place.paint, run.seconds),
        ],
      };
    });
  } finally {
    for (const close of closing) await close();
  }
}

/** Where there is more about what went wrong. */
function explainedLine(checks: readonly CheckReport[]): string[] {
  const worst = checks.find(({ outcome }) => outcome === 'failed') ?? checks.find(isSpelledOut);
  return worst === undefined ? [] : [`More: logto-cli explain ${shellWord(groupOf(worst))}`, ''];
}

function chosenChecks(only: readonly string[] | undefined) {
  if (only === undefined) return applicationChecks;
  const { checks, unknown } = choose(applicationChecks, only);
  if (unknown.length === 0 && checks.length > 0) return checks;
  throw new LogtoError(
    'usage_invalid',
    `--only names no check and no group: ${unknown.join(', ') || 'it is empty'}.`,
    `${didYouMean(applicationChecks, unknown)}See them with: logto-cli test-app --list`,
  );
}

const knowable = knowableChecks('logto-cli test-app', applicationChecks);

/** An application that is there, and that somebody has got to know. */
async function prepared(
  context: CommandContext,
  options: ReturnType<typeof applicationOptions>,
  words: readonly string[],
  flags: TestAppFlags,
  onStart: (close: () => Promise<void>) => void,
): Promise<TestedApplication> {
  const { runtime } = context;
  const { tls, caFile } = await readProviderTls(flags, runtime.now());
  const fetch = await runtime.fetch({ maxBytes: mostBytes, ...(caFile !== undefined && { caFile }) });
  const emulator = await startEmulator({
    port: flags.port,
    seed: applicationSeed(options.isPublic, options.redirectUri ?? options.url, flags.idTokenAlgorithm),
    furtherIdTokenAlgorithms: usualAlgorithms,
    fetch,
    ...(tls !== null && { tls }),
  });
  onStart(() => emulator.close());
  const { endpoint, issuer } = emulator;
  const settings = {
    endpoint,
    issuer,
    appId,
    url: options.url,
    ...(!options.isPublic && { appSecret }),
    ...(caFile !== undefined && { caFile }),
  };
  const hide = environmentMask(runtime.environment, flags.env);
  const start = {
    url: options.url,
    words,
    variables: variablesOf(settings, flags.env),
    timeout: flags.timeout,
    isPortFree: flags.port === 0,
    isQuiet: flags.quiet === true,
    fetch,
    hide,
  };
  const process = applicationProcess(context, start);
  onStart(() => process.end());
  await startApplication(context, process, start);
  const application = new TestedApplication({
    provider: emulator,
    options: { ...options, ...(!options.isPublic && { appSecret }) },
    process,
    visiting: new ScriptlessVisiting({ fetch, signal: runtime.interruption }),
    hide,
  });
  await application.getToKnow();
  return application;
}
