import { describe, expect, it } from 'vitest';
import { secretText } from '../../src/profile/secret-text.js';
import { resolveSettings } from '../../src/profile/settings.js';
import { failureOf } from '../support/failure-of.js';

describe('the text of a secret', () => {
  it.each(['secret', ' secret ', 'secret\r\n', '\uFEFFsecret\n', '\u00A0secret\t', '\r\n secret \r\n\r\n'])(
    'is what is meant by %j',
    (text) => {
      expect(secretText(text, 'LOGTO_APP_SECRET')).toBe('secret');
    },
  );

  it.each(['two words', 'a"quoted"one', "'", 'pässwörd', '密码', '👩‍👧', '%2B+/:'])('may be %j', (text) => {
    expect(secretText(text, 'LOGTO_APP_SECRET')).toBe(text);
  });

  it.each([
    ['sec\u0000ret', 'U+0000'],
    ['sec\u0007ret', 'U+0007'],
    ['sec\tret', 'U+0009'],
    ['sec\u007Fret', 'U+007F'],
    ['sec\u0085ret', 'U+0085'],
    ['sec\nret', 'several lines'],
    ['sec\uFFFDret', 'not UTF-8'],
  ])('is not %j: it is refused by name, and not repeated', async (text, why) => {
    const failure = await failureOf(() => secretText(text, '--password-stdin'));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain('--password-stdin');
    expect(failure.message).toContain(why);
    expect(`${failure.message} ${failure.hint}`).not.toMatch(/sec(?!r)|(?<!c)ret/);
  });

  it('of a variable is refused where it would be used, and only there', async () => {
    const settle = (appId: string) =>
      resolveSettings({ appId }, [{ LOGTO_APP_ID: 'own', LOGTO_APP_SECRET: 'sec\u0000ret' }], {
        profiles: {},
      });
    const failure = await failureOf(() => settle('own'));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('LOGTO_APP_SECRET'),
    });
    expect(settle('other').setAside).toHaveLength(1);
  });
});
