import { describe, expect, it } from 'vitest';
import { type SarifRun, sarifLog } from '../../src/output/sarif.js';
import { sarifFaults } from '../support/schema-check.js';

const hostile = 'a<b> [x](https://evil.test) {0} \u0000\u001b[31m\u202e \ud800 é 🙂';
const run = (changes: Partial<SarifRun> = {}): SarifRun => ({
  version: '1.2.3',
  name: 'logto-cli test',
  startedAt: Date.UTC(2026, 0, 2),
  seconds: 1.5,
  rules: [
    { id: 'a.one', title: hostile },
    { id: 'scenario.ü', title: 'Two' },
  ],
  results: [
    {
      ruleId: 'a.one',
      level: 'error',
      text: hostile,
      place: { file: 'a b/ü#.json', line: 3 },
      known: hostile,
    },
    { ruleId: 'scenario.ü', level: 'open', text: hostile },
    { ruleId: 'scenario.ü', level: 'warning', text: 'x', place: { file: '/tmp/x.json', line: 1 } },
  ],
  hasBaseline: true,
  ...changes,
});
// biome-ignore lint/suspicious/noExplicitAny: a document
const written = (changes?: Partial<SarifRun>): any => JSON.parse(JSON.stringify(sarifLog(run(changes))));

describe('a SARIF log', () => {
  it.each([
    ['with all', {}],
    ['with nothing', { rules: [], results: [], hasBaseline: false }],
    ['of a run that did not end', { results: [], failure: { code: 'config_missing', text: hostile } }],
  ])('follows the schema: %s', (_, changes) => {
    expect(sarifFaults(written(changes))).toEqual([]);
  });

  it('has each result with its rule, its place and what is known of it', () => {
    const { results, tool, invocations, automationDetails } = written().runs[0];
    expect(tool.driver).toMatchObject({ name: 'logto-cli', version: '1.2.3' });
    expect(automationDetails).toEqual({ id: 'logto-cli test/' });
    expect(invocations).toEqual([
      {
        executionSuccessful: true,
        startTimeUtc: '2026-01-02T00:00:00.000Z',
        endTimeUtc: '2026-01-02T00:00:01.500Z',
      },
    ]);
    expect(results[0]).toMatchObject({
      ruleId: 'a.one',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'a%20b/%C3%BC%23.json' }, region: { startLine: 3 } },
          logicalLocations: [{ fullyQualifiedName: 'a.one' }],
        },
      ],
      suppressions: [{ kind: 'external', status: 'accepted', justification: hostile }],
    });
    expect(results[1]).toMatchObject({ ruleIndex: 1, kind: 'open', level: 'none', suppressions: [] });
    expect(results[1].locations).toEqual([
      { logicalLocations: [{ fullyQualifiedName: 'scenario.ü', kind: 'member' }] },
    ]);
    expect(results[2].locations[0].physicalLocation.artifactLocation.uri).toBe('file:///tmp/x.json');
  });

  it('tells of a run that did not end', () => {
    const failure = { code: 'config_missing', text: 'Nothing is set.' };
    expect(written({ results: [], failure }).runs[0].invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', descriptor: { id: 'config_missing' }, message: { text: 'Nothing is set.' } },
      ],
    });
  });
});

describe('the check of it', () => {
  it.each([
    ['a version of its own', (log: { version: string }) => (log.version = '2.2.0')],
    ['a level that there is not', (log) => (log.runs[0].results[0].level = 'fatal')],
    [
      'a line before the first',
      (log) => (log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0),
    ],
    ['a member that nobody knows', (log) => (log.runs[0].own = 1)],
    ['no tool', (log) => delete log.runs[0].tool],
    // biome-ignore lint/suspicious/noExplicitAny: a document
  ] as [string, (log: any) => unknown][])('finds %s', (_, change) => {
    const log = written();
    change(log);
    expect(sarifFaults(log)).not.toEqual([]);
  });
});
