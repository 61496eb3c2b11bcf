import { describe, expect, it } from 'vitest';
import { type JunitSuite, junitReport } from '../../src/output/junit.js';
import { parseXml, schemaFaults } from './junit-schema.js';

const hostile = 'a<b> & "c" \'d\' ]]> \u0000\u001b[31m\u202e\uffff \ud800 \n é 🙂';

function suite(changes: Partial<JunitSuite> = {}): JunitSuite {
  const problem = { type: 'failed', message: hostile, text: hostile };
  return {
    name: hostile,
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    seconds: 1.23456,
    properties: { issuer: 'https://a.test/oidc', appId: hostile },
    cases: [
      { group: 'a', name: 'a.one', seconds: 0.0123 },
      { group: 'a', name: hostile, seconds: 0, problem: { kind: 'failure', ...problem } },
      { group: 'b', name: 'b.one', seconds: 0, problem: { kind: 'error', ...problem } },
      { group: 'b', name: 'b.two', seconds: 0, problem: { kind: 'skipped', ...problem } },
    ],
    remarks: ['one', hostile],
    ...changes,
  };
}

describe('a JUnit report', () => {
  it('follows the schemas, whatever its texts are', () => {
    expect(schemaFaults(junitReport(suite()))).toEqual([]);
    expect(schemaFaults(junitReport(suite({ cases: [], remarks: [], properties: {} })))).toEqual([]);
  });

  it('says how many tests there are, how they ended and how long they took', () => {
    const [element] = parseXml(junitReport(suite())).children;
    expect(element?.attributes).toMatchObject({
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
      time: '1.235',
      timestamp: '2026-01-02T03:04:05',
    });
    const [first] = element?.children.filter(({ name }) => name === 'testcase') ?? [];
    expect(first?.attributes).toEqual({ classname: 'a', name: 'a.one', time: '0.012' });
  });

  it('keeps what can be kept of a text', () => {
    const xml = junitReport(suite());
    const [element] = parseXml(xml).children;
    const failure = element?.children
      .flatMap(({ children }) => children)
      .find(({ name }) => name === 'failure');
    expect(failure?.text.split(/ +/)).toEqual(['a<b>', '&', '"c"', "'d'", ']]>', '[31m', 'é', '🙂']);
    expect(failure?.attributes['message']).toBe(failure?.text);
    expect(element?.children.find(({ name }) => name === 'system-out')?.text).toMatch(/^one\na<b>/);
  });
});

describe('the check of it', () => {
  it.each([
    ['an attribute that is missing', ' classname="a"', ''],
    ['one that nobody knows', ' classname="a"', ' classname="a" file="x"'],
    ['a time with a zone', '03:04:05"', '03:04:05Z"'],
    ['a wrong count', 'tests="4"', 'tests="5"'],
    ['an order of its own', '    <system-err/>\n', ''],
    ['text where none belongs', '<properties>', '<properties>x'],
    ['two problems in one test', '</failure>', '</failure><skipped type="x"/>'],
  ])('finds %s', (_, from, to) => {
    const xml = junitReport(suite());
    expect(xml).toContain(from);
    expect(schemaFaults(xml.replace(from, to))).not.toEqual([]);
  });

  it.each([
    ['&amp;', '&'],
    ['</testcase>', '</testcase'],
    ['</testsuites>', ''],
    ['é', '\u0000'],
  ])('refuses what is no XML: %s as %j', (from, to) => {
    const xml = junitReport(suite());
    expect(xml).toContain(from);
    expect(() => schemaFaults(xml.replace(from, to))).toThrow();
  });
});
