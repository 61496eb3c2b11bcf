import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { PageAnswer, PageRoutes } from './page-routes.js';

const maximumFormBytes = 56 * 1024;

/**
 * Shares the requests between the engine, which gets what lies below `/oidc`, and the pages.
 *
 * @param onFailure told about what should not have happened; the request is answered 500
 */
export function requestHandler(
  provider: Provider,
  pages: PageRoutes,
  onFailure: (error: unknown) => void,
): RequestListener {
  const engine = provider.callback();
  return (req, res) => {
    const target = req.url ?? '/';
    if (/^\/oidc(?=[/?]|$)/.test(target)) {
      const rest = target.slice('/oidc'.length);
      req.url = rest.startsWith('/') ? rest : `/${rest}`;
      engine(req, res).catch(onFailure);
      return;
    }
    answerPage(pages, req, res).catch((error: unknown) => {
      onFailure(error);
      if (!res.headersSent) res.statusCode = 500;
      res.end();
    });
  };
}

async function answerPage(pages: PageRoutes, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = req.method === 'POST' ? await readForm(req) : new URLSearchParams();
  const base = 'http://localhost';
  const target = req.url ?? '/';
  const url = URL.canParse(target, base) ? new URL(target, base) : new URL(base);
  const answer: PageAnswer = form
    ? await pages.answer({ req, res, url, form })
    : { status: 303, location: '/unknown-session' };
  if ('location' in answer) {
    res.writeHead(answer.status, { Location: answer.location, 'Cache-Control': 'no-store' }).end();
  } else {
    res.writeHead(answer.status, answer.page.headers).end(answer.page.text);
  }
}

/** The fields of a form; `null` when it is larger than any form of these pages. */
async function readForm(req: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > maximumFormBytes) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
