import { afterEach, describe, expect, it } from 'vitest';
import { judgeRefused } from '../../../src/check/application/judge-refused.js';
import { ScriptlessVisiting } from '../../../src/check/application/scriptless-visiting.js';
import type { TestedApplication } from '../../../src/check/application/tested-application.js';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import { failureOf } from '../../support/failure-of.js';
import { readText, startLocalServer } from '../../support/local-server.js';
import { testedApplication, testedSample } from './tested-sample.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function sample(...defects: string[]) {
  const tested = await testedSample(defects);
  closing.push(tested.close);
  return tested.application;
}

async function emulator(): Promise<Emulator> {
  const started = await startEmulator();
  closing.push(() => started.close());
  return started;
}

/** What is clicked on the way to the provider. */
async function wayTo(tested: TestedApplication) {
  const fetch = await createFetch({ environment: {} });
  const visiting = new ScriptlessVisiting({ fetch, signal: new AbortController().signal });
  return (await visiting.getToKnow(tested)).way;
}

type Answer = { status?: number; text?: string; headers?: Record<string, string> };
/** An application that answers so. */
async function application(answer: (url: URL, cookie: string) => Answer, host = '127.0.0.1') {
  const server = await startLocalServer(
    (request, response) => {
      const url = new URL(request.url ?? '', server.origin);
      const { status = 200, text = '', headers = {} } = answer(url, request.headers.cookie ?? '');
      response.writeHead(status, { 'content-type': 'text/html', ...headers });
      response.end(text);
    },
    { host },
  );
  closing.push(() => server.close());
  return server;
}

describe('TestedApplication', () => {
  it('learns the way, the redirect URI and what a signed-in page is, and knows who is signed in', async () => {
    const tested = await sample();
    const way = await wayTo(tested);
    expect(way).toMatchObject([{ kind: 'link', target: `${tested.options.url}sign-in` }]);
    const visit = await tested.visit();
    expect(await visit.isSignedIn()).toBe('nobody');
    const page = await visit.visitor.signIn();
    expect(page).toMatchObject({ end: 'page', status: 200, url: tested.options.url });
    expect(await visit.isSignedIn()).toBe('user');
    expect(visit.requests.map(({ endpoint }) => endpoint)).toEqual(['authorization', 'token', 'userinfo']);
    expect(await visit.visitor.cookies()).toMatchObject([
      { name: 'sample_session', httpOnly: true, sameSite: 'lax' },
    ]);
    const other = visit.newVisitor();
    expect(await visit.isSignedIn(other)).toBe('nobody');
    expect(await visit.isSignedIn(await other.withCookies(await visit.visitor.cookies()))).toBe('user');
    await other.signIn({ user: 'bob' });
    expect(await visit.isSignedIn(other)).toBe('somebody');
  });

  it('changes the callback, withholds it, and never lets the provider sign in anew after it', async () => {
    const tested = await sample();
    const visit = await tested.visit();
    let callback = '';
    const withheld = await visit.visitor.signIn({
      onCallback: (url) => {
        callback = url.href;
        return null;
      },
    });
    expect(withheld).toMatchObject({ end: 'elsewhere', url: callback });
    expect(withheld.trail.at(-1)).toEqual({ url: callback, method: 'GET', status: null });
    const changed = await visit.visitor.signIn({
      onCallback: (url) => new URL(`${url.origin}/callback?code=x`),
    });
    expect(changed.status).toBe(400);
    expect(await judgeRefused(visit, changed, { what: 'a callback without state', hint: '' })).toMatchObject({
      outcome: 'passed',
    });
  });

  it('tells of a refusal that is none', async () => {
    const tested = await sample('code-missing');
    const visit = await tested.visit();
    const page = await visit.visitor.signIn({
      onCallback: (url) => {
        url.searchParams.delete('code');
        return url;
      },
    });
    expect(page.text).toContain('undefined');
    expect(await judgeRefused(visit, page, { what: 'a callback without a code', hint: 'do' })).toMatchObject({
      outcome: 'failed',
      message: 'After a callback without a code somebody is signed in.',
    });
  });

  it('finds a way by page and form, with the cookies of a browser, and sends what sends itself', async () => {
    const provider = await emulator();
    // As Auth.js has it: a link, a page, a form with a token; the answer comes as a form, too.
    const behave =
      (origin: () => string) =>
      (url: URL, cookie: string): Answer => {
        switch (url.pathname) {
          case '/auth/signin':
            return {
              text: '<form method=post action="/auth/go"><input type=hidden name=csrf value=1><button>Logto</button></form>',
              headers: { 'set-cookie': 'csrf=1; Path=/; SameSite=Strict' },
            };
          case '/auth/go': {
            const redirectUri = `${origin()}/callback`;
            const query = new URLSearchParams({
              client_id: 'emulator-traditional',
              response_type: 'code',
              scope: 'openid',
              redirect_uri: redirectUri,
            });
            return { status: 302, headers: { location: `${provider.issuer}/auth?${query}` } };
          }
          case '/callback': {
            const isSound = url.searchParams.has('code') && cookie.includes('csrf=1');
            return {
              text: `<body onload="document.forms[0].submit()"><form method=post action=/back><input type=hidden name=sound value=1></form>`,
              headers: { 'set-cookie': `sound=${isSound}; Path=/` },
            };
          }
          case '/back': {
            const who = cookie.includes('sound=true') ? { 'set-cookie': 'who=me' } : undefined;
            return { status: 302, headers: { location: '/', ...who } };
          }
          default:
            return {
              text: cookie.includes('who=me')
                ? '<p>alice, <a href="/out">Log out</a>'
                : '<a href="/auth/signin">Members</a>',
            };
        }
      };
    const near = await application(
      behave(() => near.origin),
      'localhost',
    );
    const tested = await testedApplication(provider, { url: `${near.origin}/` });
    await tested.getToKnow();
    const way = await wayTo(tested);
    expect(way.map(({ kind }) => kind)).toEqual(['link', 'form']);
    const visit = await tested.visit();
    await visit.visitor.signIn();
    expect(await visit.isSignedIn()).toBe('user');
    // 127.0.0.1 and localhost are two sites: what is Strict does not come along with the callback.
    const far = await application(behave(() => far.origin));
    const other = await testedApplication(provider, { url: `${far.origin}/` });
    expect(await failureOf(other.getToKnow())).toMatchObject({ code: 'app_undecided' });
  });

  it('shows a callback that comes as a form as an address, and changes the form', async () => {
    const provider = await emulator();
    const forms: string[] = [];
    const server = await startLocalServer(
      async (request, response) => {
        const answer = (text: string, headers: Record<string, string> = {}) => {
          response.writeHead(headers['location'] === undefined ? 200 : 302, {
            'content-type': 'text/html',
            ...headers,
          });
          response.end(text);
        };
        if (request.url === '/in') {
          const query = new URLSearchParams({
            client_id: 'emulator-traditional',
            response_type: 'code',
            response_mode: 'form_post',
            scope: 'openid',
            state: 'abc',
            redirect_uri: `${server.origin}/callback`,
          });
          answer('', { location: `${provider.issuer}/auth?${query}` });
        } else if (request.method === 'POST') {
          const form = await readText(request);
          forms.push(form);
          const isSound = new URLSearchParams(form).get('state') === 'abc';
          answer('', { location: '/', ...(isSound && { 'set-cookie': 'who=me' }) });
        } else answer(request.headers.cookie?.includes('who=me') ? 'alice' : '<a href=/in>In</a>');
      },
      { host: 'localhost' },
    );
    closing.push(() => server.close());
    const tested = await testedApplication(provider, { url: `${server.origin}/` });
    await tested.getToKnow();
    const visit = await tested.visit();
    forms.length = 0;
    await visit.visitor.signIn({
      onCallback: (url) => {
        expect(url.pathname).toBe('/callback');
        expect(url.searchParams.get('code')).toMatch(/./);
        url.searchParams.set('state', 'other');
        return url;
      },
    });
    expect(forms).toEqual([expect.stringContaining('state=other')]);
    expect(await visit.isSignedIn()).toBe('nobody');
    await visit.visitor.signIn();
    expect(await visit.isSignedIn()).toBe('user');
  });

  it.each([
    ['needs no sign-in', () => ({ text: 'Welcome' }), 'leads to the provider', '--sign-in'],
    [
      'leads elsewhere',
      () => ({ status: 302, headers: { location: 'https://accounts.example.com/auth' } }),
      'https://accounts.example.com, which is out of bounds',
      'issuer',
    ],
    [
      'answers with an error',
      () => ({ status: 500, text: '<b>boom</b>' }),
      'answered 500, “boom”',
      'Look at what the application printed',
    ],
  ])('says what it saw of an application that %s', async (_case, answer, said, hint) => {
    const app = await application(answer);
    const tested = await testedApplication(await emulator(), { url: `${app.origin}/` });
    const failure = await failureOf(tested.getToKnow());
    expect(failure.code).toBe('app_undecided');
    expect(failure.message).toContain(said);
    expect(failure.hint).toContain(hint);
  });
});
