import { describe, expect, it } from 'vitest';
import { SecretMask } from '../src/secret-forms.js';

const secret = 'correct "horse" <battery>/ä+~';
const halfCharacter = `half a ${'\ud83d'} character`;

const hide = (text: string, ...secrets: string[]) => new SecretMask('‹redacted›', secrets).hide(text);

describe('the mask of secrets', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON of nothing but ASCII', JSON.stringify(secret).replace('ä', '\\u00E4')],
    ['in an address', encodeURIComponent(secret)],
    ['in an address, in small letters', encodeURIComponent(secret).toLowerCase()],
    ['in a form', new URLSearchParams({ password: secret }).toString()],
    ['on a page', 'correct &quot;horse&quot; &lt;battery&gt;/ä+~'],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in other letters', secret.replace(/[a-z]+/g, (letters) => letters.toUpperCase())],
    ['cut in the middle', `${secret.slice(0, 9)}…`],
    ['cut in the middle by dots', `${secret.slice(0, 9)}...`],
    ['cut in an address', `${encodeURIComponent(secret).slice(0, 14)}… more`],
  ])('blacks a secret out %s', (_, form) => {
    const text = hide(`saw ${form}`, 'other', secret);
    expect(text).toContain('‹redacted›');
    for (const part of ['horse', 'correct', 'battery', form]) expect(text.toLowerCase()).not.toContain(part);
  });

  it.each([0, 1, 2, 3, 4])(
    'blacks a secret out of what base64 makes of it and %i signs before it',
    (count) => {
      const whole = Buffer.from(`${'x'.repeat(count)}${secret}:after`).toString('base64');
      const text = hide(`Basic ${whole}`, secret);
      expect(text).toContain('‹redacted›');
      const inside = Buffer.from(secret).toString('base64').slice(6, -6);
      expect(Buffer.from(text.replace(/^Basic |‹redacted›/g, ''), 'base64').toString()).not.toContain(
        'horse',
      );
      expect(text).not.toContain(inside);
    },
  );

  it.each([
    ['as it is', halfCharacter],
    ['in JSON', JSON.stringify(halfCharacter).slice(1, -1)],
    ['in a form', new URLSearchParams({ '': halfCharacter }).toString().slice(1)],
    ['in base64', Buffer.from(halfCharacter).toString('base64')],
  ])('takes a secret with half a character in it, %s', (_, form) => {
    expect(hide(`saw ${form}.`, halfCharacter)).toBe('saw ‹redacted›.');
  });

  it('leaves everything else as it is, and knows no empty secret', () => {
    expect(hide('saw "admin"…', '', secret)).toBe('saw "admin"…');
    expect(hide('Correct! A İstanbul horse', secret)).toBe('Correct! A İstanbul horse');
  });

  it('blacks out the longer of two that hold one another, and those that overlap as one', () => {
    expect(hide('two horses', 'horse', 'horses')).toBe('two ‹redacted›');
    expect(hide('one abcdef two', 'abcd', 'cdef')).toBe('one ‹redacted› two');
    expect(hide('aXbXc', 'X')).toBe('a‹redacted›b‹redacted›c');
  });

  it('blacks out the longest beginning before a cut', () => {
    expect(hide('saw ababac… and abab', 'ababacus')).toBe('saw ‹redacted›… and abab');
    expect(hide('saw xabab…', 'ababacus')).toBe('saw x‹redacted›…');
    expect(hide('saw aba…', 'ababacus')).toBe('saw aba…');
  });
});
