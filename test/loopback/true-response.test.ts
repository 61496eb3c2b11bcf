import { describe, expect, it } from 'vitest';
import { ask } from './http-client.js';
import { hasIpv6, listen, signedIn, state } from './listener.js';

const unsettled = Symbol('unsettled');

/** What this promise is after everything that was ready has happened. */
function soFar<Value>(promise: Promise<Value>): Promise<Value | typeof unsettled> {
  return Promise.race([
    promise,
    new Promise<typeof unsettled>((resolve) => setTimeout(resolve, 50, unsettled)),
  ]);
}

describe('the one true response', () => {
  it.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])('is heard on %s', async (address) => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`, { address });
    void (await response).finish(signedIn);
    expect((await browser).status).toBe(303);
  });

  it('is handed over with the whole address, whatever else the provider says there', async () => {
    const { listener, reports } = await listen();
    const query = `?code=c%2Bd&state=${state}&iss=https%3A%2F%2Fid.example&session_state=s`;
    const response = listener.response(state);
    ask(listener.redirectUri + query).catch(() => {});
    expect((await response).url).toBe(listener.redirectUri + query);
    expect(reports).toEqual([]);
  });

  it('may be an error, when it carries our state', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    ask(`${listener.redirectUri}?error=access_denied&state=${state}`).catch(() => {});
    expect((await response).url).toContain('error=access_denied');
  });

  it('needs no more than our state after a sign-out', async () => {
    const { listener } = await listen({ kind: 'sign-out', redirectUri: 'http://localhost:0/' });
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?state=${state}`);
    const [, page] = await Promise.all([
      response.then((it) => it.finish({ outcome: 'signed-out' })),
      browser.then((it) => ask(new URL(it.headers.location ?? '', listener.redirectUri).href)),
    ]);
    expect(page.body).toContain('<h1>You are signed out</h1>');
  });

  it.each([
    ['at all', '', {}],
    ['of ours', '?other=1', {}],
    ['that a whole tab goes to', '', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
  ])('may carry no parameter %s after a sign-out, which then is not confirmed', async (_, query, headers) => {
    const { listener } = await listen({ kind: 'sign-out', redirectUri: 'http://localhost:0/' });
    const response = listener.response(state);
    const browser = ask(listener.redirectUri + query, { headers });
    const { isConfirmed, finish } = await response;
    expect(isConfirmed).toBe(false);
    void finish({ outcome: 'returned' });
    const page = await ask(new URL((await browser).headers.location ?? '', listener.redirectUri).href);
    expect(page.body).toContain('<h1>You are back</h1>');
    expect(page.body).toContain('not confirmed');
  });

  it.each([
    ['a picture', '', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', '', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['another state', '?state=another', {}],
  ])('is not %s after a sign-out', async (_, query, headers) => {
    const { listener, reports } = await listen({ kind: 'sign-out', redirectUri: 'http://localhost:0/' });
    const response = listener.response(state);
    expect((await ask(listener.redirectUri + query, { headers })).status).toBe(400);
    expect(reports).toHaveLength(1);
    ask(`${listener.redirectUri}?state=${state}`).catch(() => {});
    expect((await response).isConfirmed).toBe(true);
  });

  it('keeps the query that the redirect URI itself has', async () => {
    const { listener } = await listen({ redirectUri: 'http://127.0.0.1:0/a/b?tenant=1' });
    const response = listener.response(state);
    ask(`${listener.redirectUri}&code=c&state=${state}`).catch(() => {});
    expect((await response).url).toMatch(/\/a\/b\?tenant=1&code=c&state=/);
  });

  it('hears nothing before it is finished, and then an address without the code that may be reloaded', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=the-code&state=${state}`);
    const { finish } = await response;
    expect(await soFar(browser)).toBe(unsettled);

    const finished = finish(signedIn);
    const redirect = await browser;
    expect(redirect.status).toBe(303);
    const location = redirect.headers.location ?? '';
    expect(location).toMatch(/^\/done\/[\w-]{32}$/);
    expect(await soFar(finished)).toBe(unsettled);

    const final = new URL(location, listener.redirectUri).href;
    const page = await ask(final);
    await finished;
    expect(page.status).toBe(200);
    expect(page.body).toContain('<h1>You are signed in</h1>');
    expect(page.body).toContain('alice-id');
    expect(page.body).toContain('app-id');
    expect(page.body).not.toMatch(new RegExp(`the-code|${state}`));
    expect((await ask(final)).body).toBe(page.body);
  });

  it('is heard once: whoever comes with it again is told that it was handled', async () => {
    const { listener, reports } = await listen();
    const response = listener.response(state);
    const url = `${listener.redirectUri}?code=c&state=${state}`;
    const browser = ask(url);
    const { finish } = await response;
    const second = await ask(url);
    expect(second.status).toBe(410);
    expect(second.body).toContain('<h1>This was already handled</h1>');
    expect(await soFar(browser)).toBe(unsettled);
    void finish(signedIn);
    await browser;
    expect((await ask(url)).status).toBe(410);
    expect(reports.map(({ reason }) => reason)).toEqual(['other', 'other']);
    expect(reports[0]?.message).toBe('The sign-in response came again; ignored.');
  });

  it('waits on in the reloaded tab when the person reloads', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const url = `${listener.redirectUri}?code=c&state=${state}`;
    const leaving = new AbortController();
    const first = ask(url, { signal: leaving.signal });
    const { finish } = await response;
    leaving.abort();
    await first.catch(() => {});
    // The listener learns of the closed connection in its own time.
    for (;;) {
      const again = ask(url);
      const answer = await soFar(again);
      if (answer !== unsettled) {
        expect(answer.status).toBe(410);
        continue;
      }
      const finished = finish(signedIn);
      const { headers } = await again;
      await ask(new URL(headers.location ?? '', url).href);
      return finished;
    }
  });
});

describe('finishing', () => {
  it('tells a failure with its code and hint', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const failure = { code: 'code_rejected', message: 'It was refused.', hint: 'Do it again' };
    const finished = (await response).finish({ outcome: 'failed', ...failure });
    const page = await ask(new URL((await browser).headers.location ?? '', listener.redirectUri).href);
    await finished;
    expect(page.body).toContain('<h1>Sign-in failed</h1>');
    expect(page.body).toContain('<p role="alert">It was refused.</p>');
    expect(page.body).toContain('<code>code_rejected</code>');
    expect(page.body).toContain('Do it again');
  });

  it('says one thing: the first one', async () => {
    const { listener } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const { finish } = await response;
    const finished = [finish(signedIn), finish({ outcome: 'signed-out' })];
    const page = await ask(new URL((await browser).headers.location ?? '', listener.redirectUri).href);
    await Promise.all(finished);
    expect(page.body).toContain('You are signed in');
  });
});
