import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../../src/headless/visitor.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { listenOnLoopback } from '../support/local-server.js';

const page = (text: string, more = '') =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\n${more}\r\n${text}`;
const answers: Readonly<Record<string, string>> = {
  '/loop': 'HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n',
  '/much': page('x'.repeat(3000)),
  // Some applications answer an error twice, which strict readers call a parse error.
  '/twice': page('bad').repeat(2),
  '/refresh': page('<meta http-equiv=Refresh content="0; URL=\'/end\'">'),
  '/later': page('<meta http-equiv=refresh content="30;url=/end">'),
  '/refresh-loop': page('<meta http-equiv=refresh content="0;url=/refresh-loop">'),
  '/own-form': page(
    '<form method=post action=/end><input type=hidden name=a value=b></form><script>document.forms[0].submit()</script>',
  ),
  '/plain-form': page('<form method=post action=/end><input type=hidden name=a value=b></form>'),
  '/away': 'HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/x\r\nContent-Length: 0\r\n\r\n',
  '/scheme': 'HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n',
  '/end': page('the end'),
};

let origin: string;
const requests: string[] = [];
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const [line = '', path = ''] = /^\w+ (\S+)/.exec(String(data)) ?? [];
    requests.push(line);
    if (path === '/hang') return;
    const answer = answers[path];
    if (answer === undefined) socket.destroy();
    else socket.write(answer);
  });
});
beforeAll(async () => {
  origin = `http://127.0.0.1:${await listenOnLoopback(server)}`;
});
afterAll(() => void server.close());

async function visitor() {
  return new Visitor({
    fetch: await createFetch({ environment: {}, timeout: 2000, maxBytes: 2000 }),
    isInBounds: (address) => address.origin === origin,
  });
}

describe('Visitor', () => {
  it.each([
    ['/end', 'page', '/end'],
    ['/twice', 'page', '/twice'],
    ['/refresh', 'page', '/end'],
    ['/later', 'page', '/later'],
    ['/own-form', 'page', '/end'],
    ['/plain-form', 'page', '/plain-form'],
    ['/hang', 'hang', '/hang'],
    ['/cut', 'cut', '/cut'],
    ['/loop', 'too-much', '/loop'],
    ['/refresh-loop', 'too-much', '/refresh-loop'],
    ['/much', 'too-much', '/much'],
    ['/away', 'elsewhere', 'http://elsewhere.example/x'],
    ['/scheme', 'elsewhere', 'javascript:alert(1)'],
  ])('sent to %s it ends with %s, at %s', async (path, end, place) => {
    const found = await (await visitor()).go({ url: origin + path });
    expect(found).toMatchObject({ end, url: place.startsWith('/') ? origin + place : place });
    expect(found.status).toBe(end === 'page' ? 200 : path === '/loop' ? 302 : 0);
  });

  it('writes down every address, and asks for none out of bounds', async () => {
    const found = await (await visitor()).go({ url: `${origin}/own-form` });
    expect(found.trail).toEqual([
      { url: `${origin}/own-form`, method: 'GET', status: 200 },
      { url: `${origin}/end`, method: 'POST', status: 200 },
    ]);
    const before = requests.length;
    const away = await (await visitor()).go({ url: 'http://elsewhere.example/' });
    expect(away.trail).toEqual([{ url: 'http://elsewhere.example/', method: 'GET', status: null }]);
    expect(requests).toHaveLength(before);
  });

  it('reads an answer twice the length of an honest one and goes on with the next request', async () => {
    const browser = await visitor();
    await browser.go({ url: `${origin}/twice` });
    expect(await browser.go({ url: `${origin}/end` })).toMatchObject({ end: 'page', text: 'the end' });
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const { options } = await visitor();
    const browser = new Visitor({ ...options, signal: controller.signal });
    const going = browser.go({ url: `${origin}/hang` });
    controller.abort(new Error('over'));
    await expect(going).rejects.toThrow('over');
  });
});
