import { describe, expect, it } from 'vitest';
import { parseScenarioFile } from '../../src/check/scenario/scenario-file.js';
import { parseSeed } from '../../src/emulator/parse-seed.js';
import { failureOf } from '../support/failure-of.js';

const deeply = `${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`;
const often = `[${'1,'.repeat(4_999_999)}1]`;
const scenario = { name: 'alice', user: { username: 'alice', passwordVariable: 'PASSWORD' } };

describe('a file of ten megabytes is told as any other', () => {
  it.each([
    ['faults everywhere', `{"scenarios":${often}}`, 'scenarios[0]'],
    [
      'members that nobody knows',
      JSON.stringify({ scenarios: [scenario], ...Array(1_000_000).fill(1) }),
      '0',
    ],
    ['lists in lists', `{"scenarios":${deeply}}`, 'scenarios[0]'],
  ])('of scenarios: %s', async (_, json, path) => {
    const failure = await failureOf(() => parseScenarioFile(json));
    expect(failure).toMatchObject({ code: 'config_invalid', details: { path } });
    expect(failure.message.length).toBeLessThan(300);
  });

  it.each([
    ['$.users[0]: must be an object', `{"users":${often}}`],
    ['$.users: must be a list', `{"users":{${'"a":1,'.repeat(1_600_000)}"b":1}}`],
    ['$.users[0]: must be an object', `{"users":${deeply}}`],
    [
      '$.users[0].customData: is nested more than 100 levels deep',
      `{"users":[{"username":"erin","password":"x","customData":{"a":${deeply}}}]}`,
    ],
  ])('of a seed: %s', (message, json) => {
    expect(() => parseSeed(json)).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
  });
});
