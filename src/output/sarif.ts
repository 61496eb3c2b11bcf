/** A rule of a {@link SarifRun}: a question that was asked. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
}

/** An answer that is not as it should be. */
export interface SarifResult {
  /** One of the rules. */
  readonly ruleId: string;
  /** `open`: nobody could tell. */
  readonly level: 'error' | 'warning' | 'open';
  readonly text: string;
  /** Where a person wrote it down: a file as its repository calls it, or an absolute path, and the line, from 1. */
  readonly place?: { readonly file: string; readonly line: number };
  /** Why it is accepted. */
  readonly known?: string;
}

/** Checks that ran together. */
export interface SarifRun {
  /** Of this program. */
  readonly version: string;
  /** What ran: results of several are kept apart by it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
  /** Whether it is said of each result whether it is known. */
  readonly hasBaseline: boolean;
  /** Why the run did not come to its end. */
  readonly failure?: { readonly code: string; readonly text: string };
}

/**
 * A run as a SARIF log (2.1.0, OASIS). What passed is no result: programs that show these logs show whatever is one. A
 * result always has its rule as a logical location, and a physical one where there is a file to look at.
 */
export function sarifLog(run: SarifRun): object {
  const { version, name, startedAt, seconds, rules, failure } = run;
  const time = (moment: number) => new Date(moment).toISOString();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'logto-cli',
            version,
            rules: rules.map(({ id, title }) => ({ id, shortDescription: { text: title } })),
          },
        },
        // With its slash it is the category of a run, and no single run.
        automationDetails: { id: `${name}/` },
        invocations: [
          {
            executionSuccessful: failure === undefined,
            startTimeUtc: time(startedAt),
            endTimeUtc: time(startedAt + seconds * 1000),
            ...(failure && {
              toolExecutionNotifications: [
                { level: 'error', descriptor: { id: failure.code }, message: { text: failure.text } },
              ],
            }),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: run.results.map((result) => resultOf(result, run)),
      },
    ],
  };
}

function resultOf({ ruleId, level, text, place, known }: SarifResult, run: SarifRun): object {
  const suppressions =
    known === undefined ? [] : [{ kind: 'external', status: 'accepted', justification: known }];
  return {
    ruleId,
    ruleIndex: run.rules.findIndex(({ id }) => id === ruleId),
    ...(level === 'open' ? { kind: 'open', level: 'none' } : { level }),
    message: { text },
    locations: [
      {
        ...(place && {
          physicalLocation: {
            artifactLocation: { uri: uriOf(place.file) },
            region: { startLine: place.line },
          },
        }),
        logicalLocations: [{ fullyQualifiedName: ruleId, kind: 'member' }],
      },
    ],
    partialFingerprints: { 'check/v1': ruleId },
    ...(run.hasBaseline && { suppressions }),
  };
}

/** A path as a URI reference (RFC 3986): one of this machine is absolute. */
function uriOf(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}
