import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/html.js';
import type { FinalPage } from '../../src/loopback/callback-listener.js';
import { type Answer, ask, hear, say } from './http-client.js';
import { listen, signedIn, state } from './listener.js';

/** Signs in and fetches the final page. */
async function finalPageOf(page: FinalPage): Promise<Answer> {
  const { listener } = await listen();
  const response = listener.response(state);
  const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
  const finished = (await response).finish(page);
  const final = await ask(new URL((await browser).headers.location ?? '', listener.redirectUri).href);
  await finished;
  return final;
}

describe('every answer', () => {
  it('forbids to keep, frame, sniff, script, load or pass on anything', async () => {
    const { listener, port } = await listen();
    const response = listener.response(state);
    const browser = ask(`${listener.redirectUri}?code=c&state=${state}`);
    const finished = (await response).finish(signedIn);
    const redirect = await browser;
    const answers = [
      redirect,
      await ask(new URL(redirect.headers.location ?? '', listener.redirectUri).href),
      await ask(`${listener.redirectUri}?state=wrong`),
      await ask(new URL('/other', listener.redirectUri).href),
      await ask(listener.redirectUri, { method: 'POST' }),
      await ask(listener.redirectUri, { headers: { host: 'evil.example' } }),
      await ask(listener.redirectOnce('https://id.example/')),
    ];
    await finished;
    expect(answers.map(({ status }) => status)).toEqual([303, 200, 410, 404, 405, 421, 303]);
    for (const { headers } of answers) {
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers.connection).toBe('close');
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'none'");
      expect(policy).not.toMatch(/script-src|unsafe|\*|http/);
    }
    const malformed = await hear(await say(port, 'nonsense\r\n\r\n'));
    expect(malformed).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(malformed).toContain("Content-Security-Policy: default-src 'none'");
  });

  it('holds no script, nothing from elsewhere, and only the style that its policy allows', async () => {
    const { body, headers } = await finalPageOf(signedIn);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).not.toMatch(/<script|<link (?!rel="icon" href="data:)|\son\w+=|\sstyle=|@import|url\(/i);
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
  });

  it('says its language, title, size and colours to the browser', async () => {
    const { body } = await finalPageOf({ outcome: 'signed-out' });
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(body).toContain('<title>You are signed out · logto-cli</title>');
    expect(body).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(body).toContain('<meta name="color-scheme" content="light dark">');
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body.match(/<main /g)).toHaveLength(1);
  });
});

describe('text from outside', () => {
  it('is escaped in every place of every page', async () => {
    const evil = `<img src=x onerror=alert(1)>"'&amp;`;
    const pages: FinalPage[] = [
      { outcome: 'signed-in', subject: evil, application: evil },
      { outcome: 'failed', code: evil, message: evil, hint: evil },
    ];
    for (const page of pages) {
      const { body } = await finalPageOf(page);
      expect(body).not.toContain('<img');
      expect(body).not.toContain(`"'&amp;`);
      expect(body).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;amp;');
    }
  });

  it('loses control and bidirectional characters, and line breaks become spaces', () => {
    expect(html`${'a\u0000\u001b[31m\u007f\u009bb'}`.text).toBe('a[31mb');
    expect(html`${'a\r\nb\u2028c\u0085d\te'}`.text).toBe('a b c d e');
    expect(html`${'\u202eevil\u2066\u2069\u200f\u200e\u061c'}`.text).toBe('evil');
    expect(html`${'Łukasz 山田 👩‍👩‍👧'}`.text).toBe('Łukasz 山田 👩‍👩‍👧');
  });
});
