import type { Provider } from 'oidc-provider/lib/provider.js';
import { openJwt, type SigningKeys } from '../signing-keys.js';
import { visitParameter } from '../visits/elsewhere.js';
import type { Visits } from '../visits/visits.js';
import type { AnswerFault, EmulatorFaults } from './emulator-faults.js';
import { answerWrongly, cutConnection } from './faulty-answer.js';
import { authorizationError } from './faulty-authorization.js';
import { changeTokens, type TokenAnswer } from './faulty-tokens.js';
import { anotherIssuer, secondsAhead, somebodyElse } from './wrong-claims.js';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];
type Endpoint = (typeof endpoints)[keyof typeof endpoints];

const endpoints = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/auth': 'authorization',
  '/token': 'token',
  '/me': 'userinfo',
  '/token/revocation': 'revocation',
  '/session/end': 'endSession',
} as const;

/** Faults of what an endpoint has answered. */
const ofAnswers: ReadonlySet<string> = new Set([
  'rotate',
  'rotated',
  'empty',
  'several',
  'other-issuer',
  'other-subject',
  'no-access-token',
]);

/**
 * Does with each request of the engine what the faults of this moment want; nothing, where there are none.
 *
 * @param idTokenAlgorithms those that are announced; the engine announces those alone that it has keys for
 */
export function faultyExchange(
  visits: Visits,
  keys: SigningKeys,
  idTokenAlgorithms: readonly string[],
): Middleware {
  return async (ctx, next) => {
    const faults = visits.faultsOf(ctx.req);
    const endpoint = isEndpoint(ctx.path) ? endpoints[ctx.path] : undefined;
    // The engine knows no key but its own.
    const hint = ctx.query['id_token_hint'];
    if (typeof hint === 'string') ctx.query = { ...ctx.query, id_token_hint: keys.forEngine(hint) };

    const fault = endpoint && insteadOf(endpoint, faults);
    if (fault === undefined) await next();
    else if (fault === 'redirect') redirectElsewhere(ctx, visits);
    else await answerWrongly(ctx, fault, next);

    if (faults.clock !== undefined) {
      ctx.set('Date', new Date(Date.now() + secondsAhead(faults.clock) * 1000).toUTCString());
    }
    if (ctx.status === 200 && endpoint !== undefined) await changeAnswer(ctx, endpoint, faults);
  };

  async function changeAnswer(ctx: Context, endpoint: Endpoint, faults: EmulatorFaults): Promise<void> {
    const { body } = ctx;
    if (endpoint === 'jwks' && has(body, 'keys')) {
      const further = faults.jwks === 'several' ? await keys.further() : [];
      ctx.body = { keys: faults.jwks === 'empty' ? [] : [...further, ...keys.published] };
    } else if (endpoint === 'discovery' && has(body, 'issuer')) {
      const issuer = faults.discovery === 'other-issuer' ? anotherIssuer : body.issuer;
      ctx.body = { ...body, issuer, id_token_signing_alg_values_supported: idTokenAlgorithms };
    } else if (endpoint === 'userinfo' && faults.userinfo === 'other-subject' && has(body, 'sub')) {
      ctx.body = somebodyElse(body);
    } else if (endpoint === 'token' && has(body, 'access_token')) {
      await changeTokenAnswer(ctx, body, faults);
    }
  }

  async function changeTokenAnswer(ctx: Context, answer: TokenAnswer, faults: EmulatorFaults): Promise<void> {
    const { params, client, entities } = ctx.oidc;
    const isRefresh = params?.['grant_type'] === 'refresh_token';
    const visit = visits.of(ctx.req);
    const idToken = openJwt(answer.id_token ?? '');
    if (visit !== null && client !== undefined && idToken !== null) {
      const { sub: subject, sid } = idToken.claims;
      visit.signedIn = { clientId: client.clientId, subject, sid, algorithm: idToken.header['alg'] };
    }
    await changeTokens(answer, faults, {
      keys,
      isRefresh,
      secret: client?.clientSecret ?? '',
      rotatedUntil: visit?.closed,
    });
    // Kept again as it was before it was used.
    if (faults.code === 'reusable') await entities.AuthorizationCode?.save();
    if (isRefresh && faults.refresh === 'lost-answer') cutConnection(ctx);
  }
}

/** What is done instead of what the endpoint would do. */
function insteadOf(
  endpoint: Endpoint,
  faults: EmulatorFaults,
): AnswerFault | 'never' | 'redirect' | undefined {
  const fault = faults[endpoint];
  if (fault === undefined || ofAnswers.has(fault)) return undefined;
  // Only the endpoint knows whether a browser may be sent back to there.
  if (endpoint === 'authorization' && authorizationError(fault) !== null) return undefined;
  return fault as AnswerFault;
}

/** RFC 9110, section 15.4.8: method and body stay what they are. */
function redirectElsewhere(ctx: Context, visits: Visits): void {
  const url = new URL(`${ctx.protocol}://127.0.0.1:${ctx.req.socket.localPort}/elsewhere`);
  const visit = visits.of(ctx.req);
  if (visit !== null) url.searchParams.set(visitParameter, visit.id);
  ctx.redirect(url.href);
  ctx.status = 307;
}

function isEndpoint(path: string): path is keyof typeof endpoints {
  return Object.hasOwn(endpoints, path);
}

function has<Name extends string>(body: unknown, name: Name): body is Record<Name, string> {
  return typeof body === 'object' && body !== null && name in body;
}
