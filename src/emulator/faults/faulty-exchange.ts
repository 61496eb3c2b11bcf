import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { SigningKeys } from '../signing-keys.js';
import type { EmulatorFaults } from './emulator-faults.js';
import { answerWrongly, cutConnection } from './faulty-answer.js';
import { changeTokens, secondsAhead, type TokenAnswer } from './faulty-tokens.js';

type Middleware = Parameters<Provider['use']>[0];

const endpoints = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/auth': 'authorization',
  '/token': 'token',
  '/me': 'userinfo',
  '/token/revocation': 'revocation',
  '/session/end': 'endSession',
} as const;

/** Does with each request of the engine what the faults of this moment want; nothing, where there are none. */
export function faultyExchange(
  faultsOf: (req: IncomingMessage) => EmulatorFaults,
  keys: SigningKeys,
): Middleware {
  return async (ctx, next) => {
    const current = faultsOf(ctx.req);
    const endpoint = isEndpoint(ctx.path) ? endpoints[ctx.path] : undefined;
    const fault = endpoint === undefined ? undefined : current[endpoint];
    // The engine knows no key but its own.
    const hint = ctx.query['id_token_hint'];
    if (typeof hint === 'string') ctx.query = { ...ctx.query, id_token_hint: keys.forEngine(hint) };

    if (fault === undefined || fault === 'rotate' || fault === 'empty') await next();
    else await answerWrongly(ctx, fault, next);

    if (current.clock !== undefined) {
      ctx.set('Date', new Date(Date.now() + secondsAhead(current.clock) * 1000).toUTCString());
    }
    if (ctx.status !== 200) return;
    if (endpoint === 'jwks' && has(ctx.body, 'keys')) {
      ctx.body = { keys: fault === 'empty' ? [] : keys.published };
    }
    if (endpoint !== 'token' || !has(ctx.body, 'access_token')) return;
    const isRefresh = ctx.oidc?.params?.['grant_type'] === 'refresh_token';
    changeTokens(ctx.body as TokenAnswer, current, isRefresh, keys);
    if (isRefresh && current.refresh === 'lost-answer') cutConnection(ctx);
  };
}

function isEndpoint(path: string): path is keyof typeof endpoints {
  return Object.hasOwn(endpoints, path);
}

function has(body: unknown, name: string): boolean {
  return typeof body === 'object' && body !== null && name in body;
}
