import { describe, expect, it } from 'vitest';
import { claimAgreement } from '../../../src/check/with-user/claim-agreement.js';
import type { Json } from '../../support/signed-jwt.js';

describe('UserInfo and the ID token agree', () => {
  it.each<[string, Json, Json, number]>([
    [
      'where both say the same',
      { name: 'Alice', address: { a: 1, b: 2 } },
      { address: { b: 2, a: 1 }, name: 'Alice' },
      2,
    ],
    ['whenever the user was last changed, a sign-in included', { updated_at: 1 }, { updated_at: 2 }, 0],
    [
      'about whatever is said of the token',
      { iss: 'a', acr: '1', amr: ['pwd'], session_state: 'x' },
      { iss: 'b', acr: '0', amr: [], session_state: 'y' },
      0,
    ],
    ['whatever only one of them says', { name: 'Alice' }, { email: 'a@example.test' }, 0],
    [
      'where one of them says null, which is nothing',
      { name: null, email: 'a' },
      { name: 'Alice', email: null },
      0,
    ],
    ['in whatever order a list is', { roles: ['a', 'b', { c: 1 }] }, { roles: [{ c: 1 }, 'b', 'a'] }, 1],
    [
      'about a picture whose address is signed anew',
      { picture: 'https://x.test/a.png?sig=1' },
      { picture: 'https://x.test/a.png?sig=2' },
      1,
    ],
    ['about where others keep claims', { _claim_sources: { a: 1 } }, { _claim_sources: { a: 2 } }, 0],
  ])('%s', (_, userInfo, idToken, count) => {
    const { compared, differing } = claimAgreement(userInfo, idToken);
    expect(differing).toEqual([]);
    expect(compared).toHaveLength(count);
  });

  it.each<[string, Json, Json]>([
    ['name', { name: 'Alice' }, { name: 'Bob' }],
    ['email_verified', { email_verified: 'true' }, { email_verified: true }],
    ['roles', { roles: ['a', 'a'] }, { roles: ['a', 'b'] }],
    ['picture', { picture: 'https://x.test/a.png' }, { picture: 'https://x.test/b.png' }],
    ['address', { address: { country: 'x' } }, { address: { country: 'y' } }],
  ])('but not where %s differs', (name, userInfo, idToken) => {
    expect(claimAgreement(userInfo, idToken).differing).toEqual([name]);
  });
});
