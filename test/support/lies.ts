import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Json } from './signed-jwt.js';

/** What a provider does, each at its own address. */
export type Step =
  | 'discovery'
  | 'jwks'
  | 'authorize'
  | 'par'
  | 'token'
  | 'userinfo'
  | 'revoke'
  | 'end-session'
  | 'elsewhere';

/** A request as it came. */
export interface RecordedRequest {
  readonly step: Step;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The body's fields where it is a form. */
  readonly form: URLSearchParams;
}

/** An HTTP answer: an object is sent as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer | Json | readonly unknown[];
}

/** Decides on each request. `handled`: it wrote (or will write) to the response itself. */
export type Answering = (request: RecordedRequest, response: ServerResponse) => Answer | 'honest' | 'handled';

/** What a test changes, step by step. Whatever it does not change is honest. */
export interface Lies {
  /** Change the honest JSON of a step. */
  discovery?: (document: Json) => Json;
  jwks?: (keySet: Json) => Json;
  pushedResponse?: (body: Json) => Json;
  /** The form that was sent tells a code exchange from a refresh (`grant_type`). */
  tokenResponse?: (body: Json, form: URLSearchParams) => Json;
  /** A string is sent in its place, as a JWT. */
  userInfo?: (claims: Json) => Json | string;
  /** Change the ID token before it is signed; a string is sent in its place. */
  idToken?: (header: Json, claims: Json) => { readonly header?: Json; readonly claims?: Json } | string;
  /** Change the claims of a JWT access token before it is signed; a string is sent in its place. */
  accessToken?: (claims: Json) => Json | string;
  /** Change the parameters that the browser is sent back with. */
  authorizationResponse?: (parameters: URLSearchParams) => void;
  endSessionResponse?: (parameters: URLSearchParams) => void;
  /** Replace a step's whole answer; that of a revocation has nothing else to change. */
  answers?: Partial<Record<Step, Answer | Answering>>;
  /** Headers beside the honest ones. */
  headers?: Partial<Record<Step, Record<string, string>>>;
}
