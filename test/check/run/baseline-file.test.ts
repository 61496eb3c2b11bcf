import { describe, expect, it } from 'vitest';
import { baselineText, parseBaseline } from '../../../src/check/run/baseline-file.js';
import { failureOf } from '../../support/failure-of.js';

const checks = {
  command: 'logto-cli doctor',
  ids: ['a.one', 'a.two'],
  kind: 'check of logto-cli doctor',
  hint: 'See them.',
};
const parse = (document: unknown) =>
  parseBaseline(typeof document === 'string' ? document : JSON.stringify(document), 'known.json', checks);
const entry = { check: 'a.one', outcome: 'failed', reason: 'an old provider' };

describe('the file of a baseline', () => {
  it('is read with the line of each check', () => {
    const known = [entry, { ...entry, check: 'a.two', until: '2028-02-29' }] as const;
    const file = parseBaseline(baselineText({ version: 1, known: known as never }), 'known.json', checks);
    expect(file).toMatchObject({ version: 1, known });
    expect([...file.lines]).toEqual([
      ['a.one', 4],
      ['a.two', 9],
    ]);
    expect(parse({ version: 1, known: [] }).known).toEqual([]);
  });

  it.each([
    ['', '{"version": 1', 'is not JSON'],
    ['', '', 'is not JSON'],
    ['version', { version: 2, known: [] }, 'must be 1'],
    ['known', { version: 1 }, 'is missing'],
    ['ignored', { version: 1, known: [], ignored: [] }, 'is not known'],
    ['known[0].check', { version: 1, known: [{ ...entry, check: '' }] }, 'must be a text'],
    [
      'known[0].outcome',
      { version: 1, known: [{ ...entry, outcome: 'passed' }] },
      'failed, incomplete, warning',
    ],
    ['known[0].reason', { version: 1, known: [{ ...entry, reason: '' }] }, 'must be a text'],
    ['known[0].until', { version: 1, known: [{ ...entry, until: '2026-02-30' }] }, 'must be a day such as'],
    ['known[0].until', { version: 1, known: [{ ...entry, until: '31.3.2026' }] }, 'must be a day such as'],
    ['known[0].until', { version: 1, known: [{ ...entry, until: '2026-03-31T10:00:00Z' }] }, 'must be a day'],
    [
      'known[1].check',
      { version: 1, known: [entry, { ...entry, check: 'a.on' }] },
      'no check of logto-cli doctor: a.on',
    ],
    ['known[1].check', { version: 1, known: [entry, entry] }, 'is there already: a.one'],
  ])('is refused, with the place %j: %j', async (path, document, problem) => {
    const failure = await failureOf(Promise.resolve().then(() => parse(document)));
    expect(failure).toMatchObject({ code: 'config_invalid', details: { path } });
    expect(failure.message).toContain(problem);
    expect(failure.message).toContain('known.json');
  });
});
