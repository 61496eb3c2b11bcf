import { createHash } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { Html, html } from '../html.js';
import { pageStyle } from './page-style.js';

/** One fact on a page: its name, its value, and whether it is for machines (set in a fixed-width face). */
interface PageFact {
  readonly name: string;
  readonly value: string;
  readonly isCode?: boolean;
}

/** What a page says, as plain text: escaping is the business of {@link sendPage}. */
export interface Page {
  readonly status: number;
  readonly tone: 'success' | 'failure' | 'notice';
  readonly title: string;
  readonly text: string;
  readonly facts?: readonly PageFact[];
  /** What to do now; after the facts. */
  readonly closing?: string;
}

const marks = {
  success: 'M4 12.5l5.5 5.5L20 6.5',
  failure: 'M6 6l12 12M18 6L6 18',
  notice: 'M12 3.5v11M12 20.5v.01',
} as const;

const markColors = { success: '#0f7a4a', failure: '#b42332', notice: '#8a5a00' } as const;

/** Answers with a page. The connection ends with it. */
export function sendPage(response: ServerResponse, page: Page): void {
  const { headers, body } = pageOf(page);
  response.writeHead(page.status, headers);
  response.end(body);
}

/** The same as it is written to a connection, by whom there is no response to send; `null` is an answer without a page. */
export function writtenAnswer(status: number, page: Page | null): string {
  const { headers, body } =
    page === null ? { headers: { ...protectiveHeaders(), 'Content-Length': '0' }, body: '' } : pageOf(page);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}

function pageOf(page: Page): { readonly headers: Record<string, string>; readonly body: string } {
  const body = pageHtml(page).text;
  const headers = {
    ...protectiveHeaders(),
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(page.status === 405 ? { Allow: 'GET' } : {}),
  };
  return { headers, body };
}

/**
 * Sends the browser on with a GET, without the address it comes from (RFC 9700, section 4.2.4).
 *
 * @param location serialised by a URL parser, or a path of our own
 */
export function sendRedirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...protectiveHeaders(), Location: location });
  response.end();
}

/** The headers of everything that the listener says: nothing is kept, framed, sniffed, loaded or passed on. */
export function protectiveHeaders(): Record<string, string> {
  const styleHash = createHash('sha256').update(pageStyle).digest('base64');
  return {
    'Content-Security-Policy':
      `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Connection: 'close',
  };
}

function pageHtml({ tone, title, text, facts = [], closing }: Page): Html {
  const mark = html`<path d="${marks[tone]}"/>`;
  const icon = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${markColors[tone]}" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round">${mark}</svg>`;
  const rows = facts.map(({ name, value, isCode }) => {
    const shown = isCode ? html`<code>${value}</code>` : value;
    return html`<div><dt>${name}</dt><dd>${shown}</dd></div>`;
  });
  // The icon is in the page so that the browser does not come back to ask for one.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · logto-cli</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon.text)}">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<main class="${tone}">
<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${mark}</svg>
<h1>${title}</h1>
<p${tone === 'failure' ? html` role="alert"` : null}>${text}</p>
${rows.length === 0 ? null : html`<dl>${rows}</dl>\n`}${closing === undefined ? null : html`<p>${closing}</p>\n`}</main>
<footer>logto-cli</footer>
</body>
</html>
`;
}
