import { describe, expect, it } from 'vitest';
import { harReport } from '../../src/trace/har-report.js';
import type { Trace, TraceField, TraceStep } from '../../src/trace/trace.js';
import { harFaults } from '../support/schema-check.js';

const field = (name: string, value: string, more: Partial<TraceField> = {}): TraceField => ({
  name,
  value,
  redacted: false,
  meaning: null,
  ...more,
});
const exchange: TraceStep = {
  number: 1,
  kind: 'exchange',
  name: 'token endpoint (refresh_token)',
  isProbe: false,
  startMs: 12.3,
  durationMs: 31.4,
  request: {
    method: 'POST',
    url: 'https://‹user name and password›@tenant.test/‹redacted›/token',
    headers: [field('Content-Type', 'application/x-www-form-urlencoded')],
    parameters: [
      field('tenant', 'a b', { meaning: 'who' }),
      field('refresh_token', '‹refresh token, 43 characters›', { redacted: true, inBody: true }),
      field('resource', 'one', { inBody: true }),
      field('resource', 'two', { inBody: true }),
    ],
  },
  answer: {
    status: 302,
    headers: [
      field('Content-Type', 'application/json; charset=utf-8'),
      field('Location', 'https://x.test/a'),
    ],
    body: 'a JSON object',
    fields: [field('scope', 'openid'), field('key', 'one'), field('key', 'two')],
    otherFields: 2,
  },
  failure: null,
  checks: [
    { of: 'ID token', what: 'aud has this application', clause: 'RFC 7519, 7.2', passed: false, atMs: 44 },
  ],
};
const failed: TraceStep = {
  ...exchange,
  number: 2,
  durationMs: null,
  answer: null,
  checks: [],
  failure: { code: 'request_timeout', message: 'Nobody answered.', hint: '' },
};
const browser: TraceStep = {
  ...failed,
  kind: 'browser',
  failure: null,
  name: 'authorization request (browser)',
  request: { method: 'GET', url: 'not an address ‹', headers: [], parameters: [] },
};
const local: TraceStep = { ...browser, kind: 'local', request: null };

const trace: Trace = {
  version: 1,
  program: 'logto-cli 1.2.3',
  command: 'token',
  startedAt: '2026-01-01T12:00:00.000Z',
  durationMs: 50,
  outcome: 'failed',
  exitCode: 6,
  error: { code: 'id_token_invalid', message: 'The ID token is not ours.', hint: 'Sign in again.' },
  steps: [exchange, failed, browser, local],
};
// biome-ignore lint/suspicious/noExplicitAny: a document
const written = (given = trace): any => JSON.parse(JSON.stringify(harReport(given)));

describe('a trace as an HTTP Archive', () => {
  it('follows the schema of HAR 1.2', () => {
    expect(harFaults(written())).toEqual([]);
    expect(harFaults(written({ ...trace, steps: [], error: null }))).toEqual([]);
  });

  it('has each exchange with what the trace shows of it', () => {
    const { log } = written();
    expect(log.creator).toEqual({ name: 'logto-cli', version: '1.2.3' });
    expect(log.comment).toContain('logto-cli token, failed: id_token_invalid: The ID token is not ours.');
    expect(log.entries).toHaveLength(3);
    const [{ request, response, ...entry }] = log.entries;
    expect(entry).toMatchObject({
      startedDateTime: '2026-01-01T12:00:00.012Z',
      time: 31.4,
      timings: { wait: 31.4 },
    });
    expect(entry.comment).toContain('fails: ID token: aud has this application (RFC 7519, 7.2)');
    expect(new URL(request.url).search).toBe('?tenant=a+b');
    expect(decodeURIComponent(request.url)).toMatch(
      /^https:\/\/‹user name and password›@tenant\.test\/‹redacted›\/token/,
    );
    expect(request.queryString).toEqual([{ name: 'tenant', value: 'a b', comment: 'who' }]);
    expect(request.postData.params.map(({ name, value }: TraceField) => `${name}=${value}`)).toEqual([
      'refresh_token=‹refresh token, 43 characters›',
      'resource=one',
      'resource=two',
    ]);
    expect([...new URLSearchParams(request.postData.text)]).toHaveLength(3);
    expect(response).toMatchObject({ status: 302, redirectURL: 'https://x.test/a' });
    expect(JSON.parse(response.content.text)).toEqual({ scope: 'openid', key: ['one', 'two'] });
    expect(response.content.comment).toBe('a JSON object, 2 more fields');
  });

  it('has no answer where there was none, or where only the browser has seen it', () => {
    const [, late, asked] = written().log.entries;
    expect(late).toMatchObject({ _error: 'request_timeout', time: 0, response: { status: 0 } });
    expect(late.comment).toContain('request_timeout: Nobody answered.');
    expect(asked).toMatchObject({
      comment: expect.stringContaining('through the browser'),
      response: { status: 0 },
    });
  });
});

describe('the check of it', () => {
  it.each([
    ['no version', (log: { version?: string }) => delete log.version],
    ['an address that is none', (log) => (log.entries[0].request.url = 'a b')],
    ['a status in words', (log) => (log.entries[0].response.status = 'ok')],
    ['a moment in words', (log) => (log.entries[0].startedDateTime = 'noon')],
    ['no timings', (log) => delete log.entries[0].timings],
    // biome-ignore lint/suspicious/noExplicitAny: a document
  ] as [string, (log: any) => unknown][])('finds %s', (_, change) => {
    const document = written();
    change(document.log);
    expect(harFaults(document)).not.toEqual([]);
  });
});
