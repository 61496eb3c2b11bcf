import { describe, expect, it } from 'vitest';
import { type Answer, ask, hear, say } from './http-client.js';
import { listen, state } from './listener.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const ours = `?code=the-code&state=${state}`;

/** Sends a form as a page of `response_mode=form_post` does. */
async function post(port: number, body: string, length = body.length): Promise<string> {
  const headers = `Content-Type: ${form['content-type']}\r\nContent-Length: ${length}\r\n`;
  const words = `POST /callback HTTP/1.1\r\nHost: localhost:${port}\r\n${headers}\r\n${body}`;
  return hear(await say(port, words));
}

/** Nothing secret is in what is told, nor on the page, and nothing that a terminal obeys. */
function expectInert(told: readonly string[], page: string): void {
  for (const message of told) expect(message).toMatch(/^[\x20-\x7e]{1,250}$/);
  expect(told.join() + page).not.toMatch(/the-code|the_code|a-state-that-nobody-guesses/);
  expect(page).not.toContain('\u001b');
}

describe('a response with our state that cannot be used is told at once, on the page too, and waited on: it', () => {
  it.each([
    ['repeats a parameter', `${ours}&iss=a&iss=b`, 'repeated the parameter iss', 400],
    ['repeats our state', `${ours}&state=${state}`, 'repeated the parameter state', 400],
    ['repeats a parameter of any name', `${ours}&%1b[31m=a&%1b[31m=b`, 'repeated a parameter', 400],
    [
      'carries an error beside a code',
      `${ours}&error=access_denied`,
      'both a code and an error (error=access_denied)',
      400,
    ],
    [
      'carries an error in words beside a code',
      `${ours}&error=access_denied&error_description=No,+thanks.`,
      'an error (error=access_denied: "No, thanks.")',
      400,
    ],
    [
      'carries an error whose words hold the code',
      `${ours}&error=access_denied&error_description=got+the-code`,
      'an error (error=access_denied), of',
      400,
    ],
    ['carries an error made to disturb', `${ours}&error=%1b[31m`, 'an error that is none of OAuth', 400],
    [
      'carries its code as an error',
      `?code=the_code&error=the_code&state=${state}`,
      'an error that is none of OAuth',
      400,
    ],
    ['carries nothing else', `?state=${state}`, 'carried neither a code nor an error', 400],
    ['has an empty code', `?code=&state=${state}`, 'carried neither a code nor an error', 400],
    ['has an empty error', `?error=&state=${state}`, 'carried neither a code nor an error', 400],
    ['goes to another path', `/${ours}`, 'came to another path than /callback', 404],
  ])('%s', async (_, query, words, status) => {
    const { listener, unusable } = await listen();
    const response = listener.response(state);
    const answer = await ask(listener.redirectUri + query);
    expect(answer.status).toBe(status);
    expect(unusable).toEqual([expect.stringContaining(words)]);
    expect(unusable[0]).toMatch(/^A response with the state of this sign-in .*; not taken, still waiting\.$/);
    expect(answer.body).toContain('<h1>This response cannot be used</h1>');
    expect(answer.body).toContain(words.split(' (')[0]);
    expect(listener.unusable).toMatchObject({ count: 1, problems: [expect.stringContaining(words)] });
    expectInert(unusable, answer.body);
    ask(listener.redirectUri + ours).catch(() => {});
    expect((await response).isConfirmed).toBe(true);
  });

  it('goes to another host', async () => {
    const { listener, unusable } = await listen();
    void listener.response(state);
    const answer = await ask(listener.redirectUri.replace('localhost', '127.0.0.1') + ours);
    expect(answer.status).toBe(421);
    expect(unusable).toEqual([expect.stringContaining('came to another host than localhost:')]);
  });

  it('is posted (response_mode=form_post)', async () => {
    const { listener, unusable, port } = await listen();
    void listener.response(state);
    const answer = await post(port, ours.slice(1));
    expect(answer).toMatch(/^HTTP\/1.1 405 /);
    expect(answer).toContain('response_mode=form_post');
    expect(answer).toContain('the terminal still waits');
    expect(unusable).toEqual([
      'A response with the state of this sign-in came as a POST (response_mode=form_post), and only a GET is one; not taken, still waiting.',
    ]);
    expectInert(unusable, answer);
  });

  it('comes in any number, and stays two lines and a count', async () => {
    const { listener, unusable } = await listen();
    void listener.response(state);
    const queries = ['&a=1&a=2', '&b=1&b=2', '&c=1&c=2', '&d=1&d=2', '&e=1&e=2', '&f=1&f=2', '&error=e'];
    for (const query of queries) {
      await Promise.all(Array.from({ length: 10 }, () => ask(listener.redirectUri + ours + query)));
    }
    expect(unusable).toHaveLength(2);
    expect(listener.unusable.count).toBe(70);
    expect(listener.unusable.problems).toHaveLength(5);
  });
});

describe('what is not told as one', () => {
  it.each([
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch' } }],
    ['a HEAD', { method: 'HEAD' }],
    ['a preflight', { method: 'OPTIONS' }],
  ])('is %s, which a browser or a scanner sends ahead', async (_, question) => {
    const { listener, unusable } = await listen();
    void listener.response(state);
    await ask(listener.redirectUri + ours, question);
    expect(unusable).toEqual([]);
    // If nothing follows, that is what came.
    expect(listener.unusable.problems).toHaveLength(1);
  });

  it.each(['code=c&state=another', 'a=b', ''])('is a form without our state: "%s"', async (body) => {
    const { listener, unusable, port } = await listen();
    void listener.response(state);
    expect(await post(port, body)).toMatch(/^HTTP\/1.1 405 /);
    expect(unusable).toEqual([]);
  });

  it('is a form that announces more than it says, and is given up', async () => {
    const { listener, unusable, port } = await listen();
    void listener.response(state);
    expect(await post(port, 'code=c', 100)).toMatch(/^HTTP\/1.1 405 /);
    expect(unusable).toEqual([]);
  });
});

describe('a request without a state', () => {
  async function missing(query: string, emptyReturn?: string) {
    const { listener, reports } = await listen(emptyReturn === undefined ? {} : { emptyReturn });
    void listener.response(state);
    const answer: Answer = await ask(listener.redirectUri + query);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.reason).toBe('missing_state');
    return { told: reports[0]?.message ?? '', answer, withoutState: listener.withoutState };
  }

  it('that carries an error is not believed, and told with what it carried', async () => {
    const { told, answer, withoutState } = await missing('?error=login_required');
    expect(told).toContain('carried error=login_required and no state');
    expect(told).toContain('the provider leaves `state` out, RFC 6749 4.1.2.1');
    expect(answer.body).toContain('error=login_required');
    expect(withoutState).toEqual([expect.stringContaining('error=login_required')]);
  });

  it('that carries an error or a code of anybody is told without it', async () => {
    for (const query of [
      '?error=%1b[31mhello',
      `?error=${'a'.repeat(99)}`,
      '?code=the-code',
      '?response=ey.the-code',
    ]) {
      const { told, answer } = await missing(query);
      expectInert([told], answer.body);
      expect(told).not.toContain('aaa');
      expect(told).toContain('no state');
    }
  });

  it('is told as well when it is posted', async () => {
    const { listener, reports, port } = await listen();
    void listener.response(state);
    const answer = await post(port, 'error=access_denied');
    expect(answer).toMatch(/^HTTP\/1.1 405 /);
    for (const told of [answer, reports[0]?.message, listener.withoutState.join()]) {
      expect(told).toContain('response_mode=form_post');
      expect(told).toContain('error=access_denied');
    }
  });

  it('that carries nothing at all may be a cancelled sign-in, or a fragment that browsers keep', async () => {
    const { told, answer } = await missing('');
    for (const text of [told, answer.body]) {
      expect(text).toContain('perhaps it was cancelled at the provider');
      expect(text).toContain('response_mode=fragment');
    }
  });

  it('that carries nothing at all is told as the caller knows it', async () => {
    const { told, answer } = await missing('', 'perhaps Cancel was pressed on the consent page');
    for (const text of [told, answer.body]) {
      expect(text).toContain('perhaps Cancel was pressed on the consent page');
    }
  });
});

it('is told of a browser that comes with https:, where nothing else can be seen', async () => {
  const { listener, unusable, port } = await listen();
  void listener.response(state);
  await hear(await say(port, '\u0016\u0003\u0001\u0002\u0000\u0001'));
  expect(unusable).toEqual([expect.stringContaining('came with https:')]);
  expect(listener.unusable.count).toBe(1);
});

describe('headers beyond the limit', () => {
  it('get a page that says to delete the cookies of this host, and a word in the terminal', async () => {
    const { listener, unusable } = await listen();
    void listener.response(state);
    const answer = await ask(listener.redirectUri + ours, { headers: { cookie: 'x'.repeat(70_000) } });
    expect(answer.status).toBe(431);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('<h1>Your browser sent too much</h1>');
    expect(answer.body).toContain('delete them');
    expect(unusable).toEqual([expect.stringContaining('delete the cookies of localhost')]);
    expect(listener.unusable.count).toBe(1);
  });

  it('do not take their answer along, however much more comes', async () => {
    const { listener, port } = await listen();
    void listener.response(state);
    const socket = await say(port, `GET /callback HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: `);
    const heard = hear(socket);
    for (let chunk = 0; chunk < 20; chunk++) socket.write('x'.repeat(65_536));
    expect(await heard).toContain('Your browser sent too much');
  });
});
