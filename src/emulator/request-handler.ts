import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { ApiAnswer } from './api-answer.js';
import { type Control, controlPath } from './control.js';
import type { EmulatorRequest } from './emulator-request.js';
import type { ExperienceApi } from './experience-api.js';
import { faultsAbout, foundIn } from './found-request.js';
import type { ManagementApi } from './management-api.js';
import { namesThisMachine } from './own-visit.js';
import type { PageAnswer } from './page-answer.js';
import type { PageRoutes } from './page-routes.js';
import { elsewhereStatus, recordElsewhere } from './visits/elsewhere.js';
import type { Visits } from './visits/visits.js';

const maximumBodyBytes = 56 * 1024;

/** Who answers requests, and who hears of them. */
export interface RequestHandlerParts {
  readonly provider: Provider;
  readonly pages: PageRoutes;
  readonly api: ExperienceApi;
  readonly management: ManagementApi;
  readonly visits: Visits;
  /** `null` where nobody can change the emulator by a request. */
  readonly control: Control | null;
  readonly onRequest: (request: EmulatorRequest, milliseconds: number) => void;
  /** Told about what should not have happened; the request is answered 500. */
  readonly onFailure: (error: unknown) => void;
}

/** Shares the requests between the engine, which gets what lies below `/oidc`, the API below `/api`, and the pages. */
export function requestHandler({
  provider,
  pages,
  api,
  management,
  visits,
  control,
  onRequest,
  onFailure,
}: RequestHandlerParts): RequestListener {
  const found = new WeakMap<IncomingMessage, Omit<EmulatorRequest, 'method' | 'path' | 'status'>>();
  provider.use(async (ctx, next) => {
    try {
      await next();
    } finally {
      found.set(ctx.req, foundIn(ctx));
    }
  });
  const engine = provider.callback();
  return (req, res) => {
    const { method = 'GET', url: target = '/' } = req;
    const [path = '/'] = target.split('?');
    const begun = performance.now();
    const tell = (status: number | null) => {
      // A fault may answer before the engine hears of a request.
      const faults = faultsAbout(path, visits.faultsOf(req));
      onRequest({ method, path, ...found.get(req), ...faults, status }, performance.now() - begun);
    };
    const isAnswered = beforeEnd(res, () => tell(res.statusCode));
    if (!namesThisMachine(req)) {
      res.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      res.end('The emulator answers to localhost only, by whatever name it was found.\n');
      return;
    }
    if (/^\/oidc(?=[/?]|$)/.test(target)) {
      const rest = target.slice('/oidc'.length);
      req.url = rest.startsWith('/') ? rest : `/${rest}`;
      engine(req, res)
        .catch(onFailure)
        .then(() => isAnswered() || afterClose(res, () => tell(null)));
      return;
    }
    const work = path.startsWith('/api/')
      ? answerApi(management.answersAt(path) ? management : api, req, res, path)
      : path === '/elsewhere'
        ? answerElsewhere(visits, req, res)
        : path === controlPath && control !== null
          ? answerControl(control, req, res)
          : answerPage(pages, req, res);
    work.catch((error: unknown) => {
      onFailure(error);
      if (!res.headersSent) res.statusCode = 500;
      res.end();
    });
  };

  /**
   * Does something once the answer is known, and before whoever asked can read it.
   *
   * @returns whether it has been done
   */
  function beforeEnd(res: ServerResponse, work: () => void): () => boolean {
    const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse;
    let isDone = false;
    res.end = ((...args: unknown[]) => {
      res.end = end as ServerResponse['end'];
      isDone = true;
      attempt(work);
      return end(...args);
    }) as ServerResponse['end'];
    return () => isDone;
  }

  /** Does something when the connection has ended, which it may have already. */
  function afterClose(res: ServerResponse, work: () => void): void {
    if (res.closed) attempt(work);
    else res.once('close', () => attempt(work));
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      onFailure(error);
    }
  }
}

async function answerApi(
  api: ExperienceApi | ManagementApi,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
): Promise<void> {
  sendApiAnswer(res, await api.answer({ req, res, path, body: await readBody(req) }));
}

async function answerControl(control: Control, req: IncomingMessage, res: ServerResponse): Promise<void> {
  sendApiAnswer(res, await control.answer(req, await readBody(req)));
}

function sendApiAnswer(res: ServerResponse, { status, body }: ApiAnswer): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  const headers = { 'Cache-Control': 'no-store', ...(body !== undefined && { 'Content-Type': type }) };
  send(res, status, headers, isText ? body : body && JSON.stringify(body));
}

async function answerElsewhere(visits: Visits, req: IncomingMessage, res: ServerResponse): Promise<void> {
  recordElsewhere(visits, req, (await readBody(req)) ?? '');
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  const text = 'Whoever comes here has followed a redirect of the token endpoint.\n';
  send(res, elsewhereStatus, headers, text);
}

async function answerPage(pages: PageRoutes, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = req.method === 'POST' ? await readBody(req) : '';
  const base = 'http://localhost';
  const target = req.url ?? '/';
  const url = URL.canParse(target, base) ? new URL(target, base) : new URL(base);
  const answer: PageAnswer =
    body === null
      ? { status: 303, location: '/unknown-session' }
      : await pages.answer({ req, res, url, form: new URLSearchParams(body) });
  if ('location' in answer) {
    send(res, answer.status, { Location: answer.location, 'Cache-Control': 'no-store' });
  } else {
    send(res, answer.status, answer.page.headers, answer.page.text);
  }
}

/** Answers in one piece, with its length, as Logto does; in chunks it would be several. */
function send(
  res: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string | undefined = undefined,
): void {
  const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(text ?? '') };
  res.writeHead(status, { ...headers, ...length }).end(text);
}

/** What a request carries; `null` when that is larger than any form of these pages. */
async function readBody(req: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > maximumBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
