import { describe, expect, it } from 'vitest';
import { confirmSignOut } from '../../src/headless/confirm-sign-out.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import type { Fetch } from '../../src/network/fetch.js';
import { failureOf } from '../support/failure-of.js';

const page = 'https://logto.example/oidc/session/end';

/** Ends a session at a provider whose page has this form. */
function endAt(form: string) {
  const asked: string[] = [];
  const fetch: Fetch = async (address, init = {}) => {
    asked.push(`${init.method} ${address}`);
    const text = address === page ? `${form}<input type="hidden" name="xsrf" value="1"></form>` : '';
    return new Response(text, { headers: { 'content-type': 'text/html' } });
  };
  return { asked, ended: confirmSignOut({ fetch, cookies: new CookieJar() }, page) };
}

describe('the page that ends a session', () => {
  it('has its form sent, wherever it is at that provider', async () => {
    const { asked, ended } = endAt('<form method="post" action="/oidc/session/end/confirm">');
    expect(await ended).toMatchObject({ isConfirmed: true });
    expect(asked).toEqual([`GET ${page}`, 'POST https://logto.example/oidc/session/end/confirm']);
  });

  it.each(['http://127.0.0.1:2375/containers/create', 'https://elsewhere.example/', 'http://logto.example/'])(
    'sends nothing from this machine to %s',
    async (action) => {
      for (const method of ['get', 'post']) {
        const { asked, ended } = endAt(`<form method="${method}" action="${action}">`);
        expect(await failureOf(ended)).toMatchObject({ code: 'provider_error' });
        expect(asked).toEqual([`GET ${page}`]);
      }
    },
  );
});
