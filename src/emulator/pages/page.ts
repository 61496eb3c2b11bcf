import { randomBytes } from 'node:crypto';
import { Html, html } from '../../html.js';
import { pageStyle } from './page-style.js';

/** What is in a page. */
export interface PageContent {
  readonly title: string;
  readonly body: Html;
  /** For a page that lists things instead of asking one. */
  readonly wide?: boolean;
  /** Trusted text. The page must do its job without it. */
  readonly script?: string;
}

/** A page of the emulator, ready to send. */
export interface Page {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Puts content into the frame that all pages of the emulator have.
 *
 * The policy has no `form-action` on purpose: browsers apply it to the redirects that follow a form too, and the last
 * one leads to the application's redirect URI, which can be anywhere (even a CSP cannot name `http://[::1]:3000`).
 */
export function page({ title, body, wide = false, script }: PageContent): Page {
  const nonce = randomBytes(16).toString('base64url');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(pageStyle)}</style>
</head>
<body>
<main${new Html(wide ? ' class="wide"' : '')}>
<p class="badge"><a href="/">Logto emulator</a> on this machine, for tests only</p>
${body}
</main>
${script === undefined ? null : html`<script nonce="${nonce}">${new Html(script)}</script>`}
</body>
</html>
`;
  return {
    text: document.text,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': [
        "default-src 'none'",
        `style-src 'nonce-${nonce}'`,
        ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
        'img-src data:',
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'Cache-Control': 'no-store',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  };
}
