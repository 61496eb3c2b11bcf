import type { CheckReport } from '../../check/run/check.js';
import { jsonFileText } from '../../output/json-file.js';
import { type SarifResult, sarifLog } from '../../output/sarif.js';
import type { Runtime } from '../../runtime.js';
import type { Place } from './check-place.js';
import { isSpelledOut, knownWords, textOf } from './check-report.js';
import type { FinishedChecks } from './finished-checks.js';
import { repositoryPath } from './repository-path.js';
import { staleChecks } from './stale-checks.js';

/** The rule of what is no longer as the baseline says. */
const staleRule = 'baseline.stale';

/** A run as a SARIF log. What was not looked at, and what is as it should be, is no result. */
export function sarifOf(run: FinishedChecks, { version, environment }: Runtime): string {
  const { checks, stale, startedAt, seconds, failure, placeOf, baselinePlaceOf } = run;
  const placed = (place: Place | undefined) =>
    place && { place: { ...place, file: repositoryPath(place.file, environment) } };
  const resultOf = (check: CheckReport): SarifResult => ({
    ruleId: check.id,
    level: levelOf(check),
    text: withoutLinks(textOf(check)),
    ...placed(placeOf?.(check.id) ?? baselinePlaceOf?.(check.id)),
    ...(check.known && { known: withoutLinks(knownWords(check)) }),
  });
  const outdated = staleChecks(run).map(
    (check): SarifResult => ({
      ...resultOf(check),
      ruleId: staleRule,
      ...placed(baselinePlaceOf?.(check.of)),
    }),
  );
  const rules = checks.map(({ id, title }) => ({ id, title }));
  const log = sarifLog({
    version,
    name: run.suite?.name ?? 'logto-cli test',
    startedAt,
    seconds,
    rules: [
      ...rules,
      ...(stale === undefined ? [] : [{ id: staleRule, title: 'No longer as the baseline says' }]),
    ],
    results: failure === undefined ? [...checks.filter(isSpelledOut).map(resultOf), ...outdated] : [],
    hasBaseline: stale !== undefined,
    ...(failure && { failure: { code: failure.code, text: withoutLinks(textOf(failure)) } }),
  });
  return jsonFileText(log, environment);
}

function levelOf({ outcome }: CheckReport): SarifResult['level'] {
  if (outcome === 'incomplete') return 'open';
  return outcome === 'warning' ? 'warning' : 'error';
}

/** A text in which nothing becomes a link (SARIF 2.1.0, 3.11.6), whoever wrote it. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
