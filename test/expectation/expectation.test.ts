import { describe, expect, it } from 'vitest';
import { parseExpectation } from '../../src/expectation/expectation.js';
import { unmetExpectations } from '../../src/expectation/unmet-expectations.js';

const result = {
  sub: 'alice',
  email: null,
  email_verified: true,
  exp: 1_800_000_000,
  ttl: 3600,
  roles: ['viewer', 'editor'],
  'https://example.com/claims': { tier: 'gold' },
  custom_data: { tier: 'silver', 'a.b': 1, nested: { list: [{ name: 'first' }] } },
  access_token: { scope: 'read:things write:things' },
};

function unmet(...texts: string[]) {
  return unmetExpectations(texts.map(parseExpectation), result);
}

describe('an expectation', () => {
  it.each([
    'sub=alice',
    'sub~^al',
    'sub',
    '!email',
    '!nothing',
    'email_verified=true',
    'exp=1800000000',
    'roles=["viewer","editor"]',
    'roles=[ "viewer", "editor" ]',
    'custom_data={"nested":{"list":[{"name":"first"}]},"tier":"silver","a.b":1}',
    'roles[]=editor',
    'roles[]~^edit',
    'https://example.com/claims.tier=gold',
    'custom_data.tier=silver',
    'custom_data.a.b=1',
    'custom_data.nested.list.0.name=first',
    'access_token.scope[]=write:things',
    'access_token.scope~read:things',
    'ttl>=3600',
    'ttl<=3600',
    'ttl>3599',
    'ttl<3600.5',
  ])('%s holds', (text) => {
    expect(unmet(text)).toEqual([]);
  });

  it.each([
    ['sub=bob', '"alice"'],
    ['sub=', '"alice"'],
    ['sub~^lice', '"alice"'],
    ['!sub', '"alice"'],
    ['email', 'nothing'],
    ['email~.', 'nothing'],
    ['email=null', 'nothing'],
    ['missing.deeper=1', 'nothing'],
    ['sub.length', 'nothing'],
    ['roles.length', 'nothing'],
    ['constructor', 'nothing'],
    ['roles=viewer', '["viewer","editor"]'],
    ['roles=["editor","viewer"]', '["viewer","editor"]'],
    ['roles[]=view', '["viewer","editor"]'],
    ['ttl[]=3600', '3600'],
    ['ttl>=3601', '3600'],
    ['ttl<3600', '3600'],
    ['sub>1', '"alice"'],
  ])('%s does not hold, and %s was seen', (text, seen) => {
    expect(unmet(text)).toEqual([{ expected: text, seen }]);
  });

  it('is evaluated beside all the others, in their order', () => {
    expect(unmet('sub=bob', 'sub=alice', 'ttl>9999').map(({ expected }) => expected)).toEqual([
      'sub=bob',
      'ttl>9999',
    ]);
  });

  it('shows a long value shortened', () => {
    const [failure] = unmetExpectations([parseExpectation('a=b')], { a: 'x'.repeat(1000) });
    expect(failure?.seen).toHaveLength(201);
  });

  it.each([
    ...['', '!', '=x', '!a=b', '!a[]', 'a[]', 'a[]>=1', 'a~(', 'ttl>=', 'ttl>=soon', 'ttl>= '],
    // What would always hold, or never.
    ...['! a', '!a ', '!a.', '!.a', '!a..b', '!a[].b', 'a!=b', 'a!~b', 'a = b', 'a >= 1', '[]=a'],
  ])('written as %j is a usage error that repeats it', (text) => {
    expect(() => parseExpectation(text)).toThrow(
      expect.objectContaining({
        code: 'usage_invalid',
        message: expect.stringContaining(JSON.stringify(text)),
      }),
    );
  });

  it('keeps what follows its first sign as it is', () => {
    expect(parseExpectation('a=b=c>=d')).toMatchObject({ path: 'a', comparison: 'equals', value: 'b=c>=d' });
    expect(parseExpectation('a=line\nbreak')).toMatchObject({ value: 'line\nbreak' });
  });
});
