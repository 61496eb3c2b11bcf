import { describe, expect, it } from 'vitest';
import { secretMask } from '../../../src/check/scenario/secret-mask.js';

const secret = 'correct "horse" battery/ä';

describe('the mask of secrets', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in an address', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['cut in the middle', `${secret.slice(0, 9)}…`],
  ])('blacks a secret out %s', (_, form) => {
    const text = secretMask(['other', secret])(`saw ${form}`);
    expect(text).toContain('‹redacted›');
    for (const part of ['horse', 'correct', form]) expect(text).not.toContain(part);
  });

  it('leaves everything else as it is, and knows no empty secret', () => {
    expect(secretMask(['', secret])('saw "admin"…')).toBe('saw "admin"…');
  });

  it('blacks out the longer of two that hold one another', () => {
    expect(secretMask(['horse', 'horses'])('two horses')).toBe('two ‹redacted›');
  });
});
