import { documentWithoutCommands } from './log-commands.js';
import { plainText } from './plain-text.js';

/** One test of a {@link JunitSuite}. */
export interface JunitCase {
  readonly group: string;
  readonly name: string;
  readonly seconds: number;
  /** Why it is not simply passed; `error` is a test that could not be run. */
  readonly problem?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly type: string;
    readonly message: string;
    readonly text: string;
  };
}

/** Tests that ran together. */
export interface JunitSuite {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly JunitCase[];
  /** What else there is to say. */
  readonly remarks: readonly string[];
}

/**
 * The report that CI systems read. There is no one standard of it: this document follows the schema of Ant's JUnit task
 * and that of Jenkins, both at once.
 */
export function junitReport(suite: JunitSuite): string {
  const { name, startedAt, seconds, properties, cases, remarks } = suite;
  const amount = (kind: string) => String(cases.filter(({ problem }) => problem?.kind === kind).length);
  const attributes = {
    package: 'logto-cli',
    id: '0',
    name,
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
    hostname: 'localhost',
    tests: String(cases.length),
    failures: amount('failure'),
    errors: amount('error'),
    skipped: amount('skipped'),
    time: seconds.toFixed(3),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  ${opened('testsuite', attributes)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([key, value]) => `      ${opened('property', { name: key, value })}/>`,
    ),
    '    </properties>',
    ...cases.flatMap(caseLines),
    `    <system-out>${remarks.map(escaped).join('\n')}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ group, name, seconds, problem }: JunitCase): string[] {
  const start = opened('testcase', { classname: group, name, time: seconds.toFixed(3) });
  if (problem === undefined) return [`    ${start}/>`];
  const { kind, type, message, text } = problem;
  return [
    `    ${start}>`,
    `      ${opened(kind, { type, message })}>${escaped(text)}</${kind}>`,
    '    </testcase>',
  ];
}

function opened(name: string, attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${pairs.join('')}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text that XML 1.0 can hold; half a surrogate pair is none. The file named may be the log itself. */
function escaped(text: string): string {
  const xml = plainText(text)
    .replace(/[\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
  return documentWithoutCommands(xml, () => '&#35;');
}
