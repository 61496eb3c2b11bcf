import type { Provider } from 'oidc-provider/lib/provider.js';
import { isOAuthErrorBody, logtoErrorBody } from './oauth-error-body.js';
import { onwardPage } from './pages/submitting-pages.js';
import { readParameters, replaceBody } from './request-parameters.js';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];

/** Endpoints that Logto answers on POST, form or JSON, as on GET. The engine knows GET alone. */
const alsoOnPost = new Set(['/auth', '/session/end']);

/** Turns a request that Logto understands into one that the engine understands. */
export const requestAsEngine: Middleware = async (ctx, next) => {
  // The engine builds its own addresses with this.
  ctx['mountPath'] = '/oidc';
  ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  ctx.set('Referrer-Policy', 'no-referrer');
  ctx.set('X-Content-Type-Options', 'nosniff');
  if (ctx.method === 'POST' && alsoOnPost.has(ctx.path)) {
    const query = await readParameters(ctx);
    ctx.method = 'GET';
    ctx.url = `${ctx.path}?${query}`;
  }
  if (ctx.method === 'POST' && ctx.is('json')) replaceBody(ctx, await readParameters(ctx));
  if (ctx.path === '/auth') splitResources(ctx);
  await next();
};

/** Gives errors the body that Logto gives them, unknown paths one at all, and the engine's bare page our looks. */
export const answerAsLogto: Middleware = async (ctx, next) => {
  await next().catch((error: unknown) => failAsLogto(ctx, error));
  if (ctx.status === 404 && ctx.body === undefined) {
    ctx.body = {
      error: 'invalid_request',
      error_description: `unrecognized route or not allowed method (${ctx.method} on ${ctx.path})`,
    };
    ctx.status = 404;
  }
  const body: unknown = ctx.body;
  const form = typeof body === 'string' && /<title>Submitting Callback<.*(<form.*<\/form>)/s.exec(body)?.[1];
  if (form) {
    const page = onwardPage(form);
    ctx.set(page.headers);
    ctx.body = page.text;
  }
  if (ctx.path === '/device/auth' && isDeviceAuthorization(body)) {
    // People are sent to the pages, not to the engine.
    for (const name of ['verification_uri', 'verification_uri_complete'] as const) {
      body[name] = body[name].replace('/oidc/device', '/device');
    }
  }
  if (ctx.status >= 400 && isOAuthErrorBody(body) && ctx.query['parse_error'] !== 'false') {
    ctx.body = logtoErrorBody(body);
  }
};

/** Logto takes several resources in one parameter too, separated by commas. */
function splitResources(ctx: Context): void {
  const query = new URLSearchParams(ctx.querystring);
  const resources = query.getAll('resource');
  if (!resources.some((resource) => resource.includes(','))) return;
  query.delete('resource');
  for (const resource of resources.flatMap((several) => several.split(',')))
    query.append('resource', resource);
  ctx.url = `${ctx.path}?${query}`;
}

/** At the pages of the device flow the engine fails after it has redirected a browser that brings no session along. */
function failAsLogto(ctx: Context, error: unknown): void {
  if (!ctx.path.startsWith('/device') || !ctx.res.hasHeader('Location')) throw error;
  ctx.status = 500;
}

interface DeviceAuthorization {
  verification_uri: string;
  verification_uri_complete: string;
}

function isDeviceAuthorization(body: unknown): body is DeviceAuthorization {
  return typeof body === 'object' && body !== null && 'verification_uri' in body;
}
