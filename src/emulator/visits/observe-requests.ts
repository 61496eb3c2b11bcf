import type { Provider } from 'oidc-provider/lib/provider.js';
import { readParameters, replaceBody } from '../request-parameters.js';
import { holdBrowser } from './guided-response.js';
import type { ObservedRequest } from './observed-request.js';
import { sentRequest } from './sent-request.js';
import type { Visit } from './visit.js';
import type { Visits } from './visits.js';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];

const endpoints: Readonly<Record<string, ObservedRequest['endpoint']>> = {
  '/auth': 'authorization',
  '/token': 'token',
  '/me': 'userinfo',
  '/session/end': 'end-session',
  '/token/revocation': 'revocation',
};
/** Those that a browser is sent to. */
const ofBrowser: ReadonlySet<string> = new Set(['/auth', '/session/end']);

/** Tells whose visit each request of the engine is, and keeps what it was and what it was answered. */
export function observeRequests(visits: Visits): Middleware {
  return async (ctx, next) => {
    const { path, method } = ctx;
    const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
    const interaction = /^\/auth\/([^/]+)$/.exec(path)?.[1];
    if (!visits.areOpen || method === 'OPTIONS') return next();
    if (interaction !== undefined) {
      const visit = visits.attribute(ctx.req, [interaction], false);
      await next();
      if (visit !== null) remember(ctx, visit);
    } else if (endpoint !== undefined) {
      const { brought, ...sent } = sentRequest(ctx.req.headers, await parametersOf(ctx));
      const visit = visits.attribute(ctx.req, brought, ofBrowser.has(path));
      if (visit === null) return next();
      const request = { endpoint, method, ...sent, status: 0 };
      visit.record(request);
      const prompt = sent.parameters.find(([name]) => name === 'prompt')?.[1];
      if (endpoint === 'authorization' && !asksForNoPage(prompt) && visit.guide.isAnswered?.() === false) {
        holdBrowser(ctx);
        visit.guide.onHeld?.();
        request.status = ctx.status;
        return;
      }
      await next().catch((error: unknown) => {
        request.status = statusOf(error);
        throw error;
      });
      request.status = ctx.respond === false ? 0 : ctx.status;
      request.clientId ??= ctx.oidc?.client?.clientId ?? null;
      if (ofBrowser.has(path) && request.status >= 400) visit.guide.onHeld?.();
      remember(ctx, visit);
    } else {
      await next();
    }
  };
}

/** Whether the `prompt` of an authorization request says that no page is wanted: nobody sees its answer. */
export function asksForNoPage(prompt: unknown): boolean {
  return typeof prompt === 'string' && prompt.split(' ').includes('none');
}

/** What a request says, which stays readable for the engine. */
async function parametersOf(ctx: Context): Promise<[string, string][]> {
  const parameters = [...new URLSearchParams(ctx.querystring)];
  if (ctx.method !== 'POST' || !ctx.is('urlencoded', 'json')) return parameters;
  const form = await readParameters(ctx);
  replaceBody(ctx, form);
  return [...parameters, ...form];
}

/** What the engine answers a failure with (Koa's rule for errors that are thrown). */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}

/** What was given out with this answer says later whose a request is. */
function remember(ctx: Context, visit: Visit): void {
  const { Interaction: interaction, AuthorizationCode: code } = ctx.oidc?.entities ?? {};
  const body: unknown = ctx.body;
  const tokens =
    typeof body === 'object' && body !== null
      ? ['access_token', 'refresh_token', 'id_token'].map((name) => Reflect.get(body, name))
      : [];
  for (const value of [interaction?.uid, code?.jti, ...tokens]) {
    if (typeof value === 'string') visit.issued(value);
  }
}
