import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { paintWith } from '../../src/output/paint.js';
import { htmlReport } from '../../src/trace/html-report.js';
import { checkLine, stepLine } from '../../src/trace/step-line.js';
import { durationText, summaryOf } from '../../src/trace/summary.js';
import { textReport } from '../../src/trace/text-report.js';
import type { Trace, TraceStep } from '../../src/trace/trace.js';
import { writtenLines } from '../support/test-runtime.js';

const hostile = `<script>alert(1)</script>"'&\u001b[31m\u202e\nnext`;

const step: TraceStep = {
  number: 1,
  kind: 'exchange',
  name: 'token endpoint (refresh_token)',
  isProbe: false,
  startMs: 12.3,
  durationMs: 31.4,
  request: {
    method: 'POST',
    url: 'https://tenant.test/oidc/token',
    headers: [],
    parameters: [
      {
        name: 'grant_type',
        value: 'refresh_token',
        redacted: false,
        meaning: 'what is given for the tokens',
      },
      { name: 'custom', value: '‹text, 12 characters›', redacted: true, meaning: null },
    ],
  },
  answer: {
    status: 200,
    headers: [],
    body: 'a JSON object',
    fields: [
      {
        name: 'id_token',
        value: '‹ID token, a JWT of 628 characters›',
        redacted: true,
        meaning: 'says who signed in, signed by the provider',
        contents: [{ name: 'alg', value: 'ES384', redacted: false, meaning: 'how it is signed' }],
      },
    ],
    otherFields: 2,
  },
  failure: null,
  checks: [
    {
      of: 'ID token',
      what: 'alg is asymmetric and announced by the provider',
      clause: 'OpenID Connect Core 1.0, 3.1.3.7 (7)',
      passed: true,
      atMs: 44,
    },
    { of: 'ID token', what: 'aud has this application', clause: 'RFC 7519, 7.2', passed: false, atMs: 44 },
  ],
};

const trace: Trace = {
  version: 1,
  program: 'logto-cli 0.0.0',
  command: 'token',
  startedAt: '2026-01-01T12:00:00.000Z',
  durationMs: 50,
  outcome: 'failed',
  exitCode: 6,
  error: { code: 'id_token_invalid', message: 'The ID token is not ours.', hint: 'Sign in again.' },
  steps: [step, { ...step, number: 2, name: hostile, durationMs: null, answer: null, checks: [] }],
};

describe('as text', () => {
  const lines = writtenLines(textReport(trace, paintWith(null), 80));

  it('a step is a block: what was sent with its meaning, what came back, what was checked by which clause', () => {
    expect(lines.slice(0, 20)).toEqual([
      'Trace of token: 2 exchanges in 50 ms, 1 check passed, 1 failed',
      '',
      '1. token endpoint (refresh_token)                           200, 31 ms, at 12 ms',
      '   POST https://tenant.test/oidc/token',
      '   sent',
      '     grant_type  refresh_token  what is given for the tokens',
      '     custom      ‹text, 12 characters›',
      '   answered: a JSON object, 2 more fields',
      '     id_token  ‹ID token, a JWT of 628 characters›',
      '               says who signed in, signed by the provider',
      '         alg  ES384  how it is signed',
      '   checked in the ID token',
      '     ✓ alg is asymmetric and announced by the provider  OIDC Core 3.1.3.7 (7)',
      '     ✗ aud has this application  RFC 7519, 7.2',
      '',
      expect.stringContaining('2. <script>'),
      '   POST https://tenant.test/oidc/token',
      '   sent',
      '     grant_type  refresh_token  what is given for the tokens',
      '     custom      ‹text, 12 characters›',
    ]);
    expect(lines.at(-1)).toBe('✗ it ended with id_token_invalid: The ID token is not ours.');
  });

  it('fits the terminal, and is inert there', () => {
    const text = [...lines, ...writtenLines(trace.steps.map(stepLine))].join('\n');
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(lines.filter((line) => line.length > 80 && !line.includes('<script>'))).toEqual([]);
    expect(lines.join('\n')).not.toContain('\nnext');
  });

  it('of a run whose checks failed says with what exit code it ended', () => {
    const failed: Trace = { ...trace, steps: [], error: null, exitCode: 1 };
    expect(textReport(failed, paintWith(null), 80).at(-1)).toBe('✗ it ended with exit code 1');
    expect(htmlReport(failed)).toContain('✗ failed, exit code 1');
  });

  it('has colours where they are wanted', () => {
    expect(textReport(trace, paintWith('1'), 80).join('\n')).toContain(paintWith('1').green('✓'));
  });

  it('of a run that asked nobody says so', () => {
    const quiet: Trace = { ...trace, steps: [], error: null, outcome: 'done', exitCode: 0 };
    expect(textReport(quiet, paintWith(null), 80)).toEqual(['Trace of token: no exchange in 50 ms']);
    expect(htmlReport(quiet)).toContain('no request was made');
  });
});

describe('as a line', () => {
  it('is what was asked, what came back and how long that took', () => {
    expect(stepLine(step)).toBe('→ POST token endpoint (refresh_token) 200 in 31 ms');
    expect(
      stepLine({ ...step, kind: 'browser', name: 'authorization request (browser)', durationMs: null }),
    ).toBe('→ authorization request (browser)');
    expect(step.checks.map(checkLine)).toEqual([
      '✓ ID token: alg is asymmetric and announced by the provider',
      '✗ ID token: aud has this application',
    ]);
  });
});

describe('as a page', () => {
  const page = htmlReport({ ...trace, error: { code: 'internal_error', message: hostile, hint: hostile } });

  it('holds text from outside as text', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&#60;script&#62;');
    expect(page).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  });

  it('needs nothing from anywhere, and its policy allows its own style alone', () => {
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/\s(style|src|on\w+)=|url\(|@import|<(link|img|iframe|object|form)\b/);
    expect(page.match(/href="(?!#)/g)).toBeNull();
  });

  it('opens what went wrong, and a refusal that was asked for is none', () => {
    expect(page.match(/<details class="card" open>/g)).toHaveLength(1);
    const refused = {
      ...step,
      checks: [],
      answer: { status: 400, headers: [], body: 'nothing', fields: [], otherFields: 0 },
    };
    const shown = (isProbe: boolean) => htmlReport({ ...trace, steps: [{ ...refused, isProbe }] });
    expect(shown(true)).not.toContain('<details class="card" open>');
    expect(shown(false)).toContain('<details class="card" open>');
  });
});

describe('in one sentence', () => {
  it.each([
    [0, '0.0 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [12_345, '12.3 s'],
  ])('%s milliseconds are %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it('says what was asked and what was checked', () => {
    expect(summaryOf(trace)).toBe('2 exchanges in 50 ms, 1 check passed, 1 failed');
  });
});
