import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { AnswerFault } from './emulator-faults.js';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];

/** OAuth errors whose status is not 400 (RFC 6749, section 5.2; RFC 6750, section 3.1). */
const statuses: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};

/** What an error says that is a fault. */
export const faultDescription = 'a fault of the emulator';

/** Answers a request wrongly, or late, or never; only what is late reaches the endpoint. */
export async function answerWrongly(
  ctx: Context,
  fault: AnswerFault | 'never',
  next: () => Promise<unknown>,
): Promise<void> {
  const [kind = '', value = ''] = fault.split(':');
  if (kind === 'slow') {
    if (await heldBack(ctx, Number.parseInt(value, 10) * (value.endsWith('ms') ? 1 : 1000))) await next();
  } else if (kind === 'down') {
    cutConnection(ctx);
  } else if (kind === 'never') {
    ctx.respond = false;
    if (!ctx.req.socket.destroyed) await once(ctx.res, 'close');
  } else if (kind === 'error') {
    answerWithError(ctx, value);
  } else {
    ctx.status = kind === 'status' ? Number(value) : 200;
    if (value === '429' || value === '503') ctx.set('Retry-After', '30');
    ctx.type = kind === 'invalid-json' ? 'json' : kind === 'html' ? 'html' : 'text';
    ctx.body =
      kind === 'html'
        ? '<!doctype html><title>Welcome</title><p>Sign in to this network first.'
        : kind === 'invalid-json'
          ? '{"half":'
          : value;
  }
}

/** Ends a connection without an answer. */
export function cutConnection(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

/** Whether somebody still waits for the answer when the time is over. */
async function heldBack(ctx: Context, milliseconds: number): Promise<boolean> {
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  try {
    await wait(milliseconds, undefined, { signal: gone.signal, ref: false });
    return true;
  } catch {
    ctx.respond = false;
    return false;
  }
}

function answerWithError(ctx: Context, error: string): void {
  ctx.status = statuses[error] ?? 400;
  if (ctx.status === 401) ctx.set('WWW-Authenticate', `Bearer error="${error}"`);
  ctx.body = { error, error_description: faultDescription };
}
