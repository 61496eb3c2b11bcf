import { expect, it } from 'vitest';
import { verifiedLines } from '../../../src/commands/verify/verified-token.js';
import type { TokenCheck } from '../../../src/oidc/verify/token-check.js';
import { withoutPaint } from '../../../src/output/paint.js';
import { Recorder } from '../../support/test-runtime.js';

const checks: readonly TokenCheck[] = [
  {
    subject: 'aud',
    what: 'The token is for this API, and for no other one that somebody else might run',
    clause: 'RFC 9068, section 4 (aud)',
    passed: false,
    message: 'It is for https://other.example.test, and https://api.example.test is expected of it here.',
  },
  { subject: 'exp', what: 'It has not ended', clause: 'RFC 9068, section 4 (exp)', passed: true },
];

it.each([40, 80, 120])(
  'the lines of a verified token hang below their beginnings at %i columns',
  (columns) => {
    const output = new Recorder(true, { columns });
    const lines = verifiedLines({ valid: false, header: {}, claims: {}, checks }, output).map(withoutPaint);
    for (const line of lines) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(line, line).toMatch(/^(✗ |✓ | {2}| {4})\S/);
    }
    expect(lines.filter((line) => /^[✗✓]/.test(line))).toHaveLength(2);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(
      `✗ ${checks[0]?.what} [${checks[0]?.clause}] ${checks[0]?.message} ✓ ${checks[1]?.what} [${checks[1]?.clause}]`,
    );
  },
);

it('they stay whole where nobody looks at them', () => {
  const lines = verifiedLines({ valid: false, header: {}, claims: {}, checks }, new Recorder(false));
  expect(lines.map(withoutPaint)).toEqual([
    `✗ ${checks[0]?.what} [${checks[0]?.clause}]`,
    `    ${checks[0]?.message}`,
    `✓ ${checks[1]?.what} [${checks[1]?.clause}]`,
  ]);
});
