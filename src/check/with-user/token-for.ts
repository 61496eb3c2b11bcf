import type { JsonObject } from '../../oidc/http-answer.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { textIn } from './own-session.js';

/** A token that was asked for with an audience of its own. */
export interface TokenFor {
  readonly answer: Answer;
  /** Its text; empty when none came. */
  readonly jwt: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Reads the token in an answer. */
export function tokenIn(answer: Answer): TokenFor {
  const jwt = textIn(answer, 'access_token') ?? '';
  return { answer, jwt, ...(decodeJwt(jwt) ?? { header: {}, claims: {} }) };
}
