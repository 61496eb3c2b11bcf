import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/check/application/application-visitor.js';
import { SignedInOracle } from '../../../src/check/application/signed-in-oracle.js';

const html = new Headers({ 'content-type': 'text/html' });
const at = (url: string, text = '', status = 200, end: Page['end'] = 'page'): Page => {
  return { url, status, text, headers: html, trail: [], end };
};
const home = 'http://localhost:8080/';
const alice = { id: 'u1', username: 'alice', password: '', name: 'Alice Lidell' };
const isProvider = (url: string) => url.startsWith('http://localhost:4000/');
const link = [{ kind: 'link', target: `${home}in`, fields: '' }] as const;
const signIn = '<a href="/in">Sign in</a>';

function oracle(stranger: Page, signedIn: Page, way: typeof link | [] = link, signedInText?: string) {
  const options = { way, isProvider, ...(signedInText !== undefined && { signedInText }) };
  return new SignedInOracle(options, [stranger, stranger], signedIn, alice);
}

describe('SignedInOracle', () => {
  it('takes whoever no longer sees the page of a stranger for signed in, also as nobody by name', async () => {
    const known = oracle(at(home, signIn), at(home, 'Hello Alice Lidell'));
    const judge = (page: Page) => known.judge(page, async () => page);
    expect(known.isDecided).toBe(true);
    expect(await judge(at(home, signIn))).toBe('nobody');
    expect(await judge(at(home, 'Hello Alice Lidell'))).toBe('user');
    expect(await judge(at(home, 'Hello undefined'))).toBe('somebody');
    expect(await judge(at(home, `The sign-in failed. ${signIn}`))).toBe('nobody');
    expect(await judge(at(home, 'boom', 500))).toBe('stuck');
    expect(await judge(at(home, '', 0, 'hang'))).toBe('stuck');
    expect(await judge(at(home, 'Not yours', 403))).toBe('nobody');
  });

  it('tells by the status, and by where it leads', async () => {
    const api = oracle(at(`${home}me`, '{}', 401), at(`${home}me`, '{"sub":"u1"}'), []);
    expect(await api.judge(at(`${home}me`, '{}', 401), async () => at(home))).toBe('nobody');
    expect(
      await api.judge(at(`${home}me`, '{"sub":"u2"}'), async () => at(`${home}me`, '{"sub":"u2"}')),
    ).toBe('somebody');
    const led = oracle(at('http://localhost:4000/auth', '', 0, 'elsewhere'), at(home, 'Welcome back'), []);
    expect(led).toMatchObject({ decisive: ['status', 'place'], words: [] });
    expect(await led.judge(at(home, 'Welcome back'), async () => at(home))).toBe('user');
  });

  it('looks twice, since a page may say once what went wrong before', async () => {
    const known = oracle(at(home, `Nobody ${signIn}`), at(home, `alice ${signIn}`));
    expect(known.decisive).toEqual([]);
    const flash = at(home, `It failed! Nobody ${signIn}`);
    expect(await known.judge(flash, async () => at(home, `Nobody ${signIn}`))).toBe('nobody');
    expect(
      await known.judge(at(home, `undefined ${signIn}`), async () => at(home, `undefined ${signIn}`)),
    ).toBe('somebody');
  });

  it('goes by the text that it is given, and by nothing else', async () => {
    const known = oracle(at(home, signIn), at(home, `Sign out ${signIn}`), link, 'Sign out');
    const judge = (page: Page) => known.judge(page, async () => page);
    expect(await judge(at(home, 'changed'))).toBe('nobody');
    expect(await judge(at(home, `Sign out ${signIn}`))).toBe('user');
    expect(oracle(at(home, 'x'), at(home, 'alice'), link, 'Sign out').isDecided).toBe(false);
  });

  it('does not decide where nothing but an ever changing text differs', () => {
    const options = { way: link, isProvider };
    const pages = ['one', 'two', 'three'].map((text) => at(home, `${text} ${signIn}`)) as [Page, Page, Page];
    expect(new SignedInOracle(options, [pages[0], pages[1]], pages[2], alice).isDecided).toBe(false);
    expect(oracle(at(home, `alice? ${signIn}`), at(home, `alice! ${signIn}`)).isDecided).toBe(false);
  });
});
