import type { SentRequest } from '../network/traced-fetch.js';
import { providerWords } from '../oidc/error/provider-words.js';
import { pageTitle } from '../oidc/html.js';
import { describeBody, isJsonObject, type JsonObject, parseJsonObject } from '../oidc/http-answer.js';
import { decodeJwt } from '../oidc/validate/jwt.js';
import { counted } from '../wording.js';
import type { EndpointRole } from './endpoints.js';
import {
  answerMeanings,
  bodyMeanings,
  claimMeanings,
  discoveryMeanings,
  headerMeanings,
  type Meanings,
  parameterMeanings,
} from './meanings.js';
import { mostFields, type RawField, type Redactor, redacted } from './redactor.js';
import type { TraceAnswer, TraceField, TraceRequest } from './trace.js';

/** A request, or a message through the browser, as it may be shown. */
export function describeRequest(sent: SentRequest, redactor: Redactor): TraceRequest {
  const { method, url, body } = sent;
  const json = parseJsonObject(body);
  const credentials = describeCredentials(sent, redactor);
  const query = parametersOf(url);
  const form = [...query, ...(json === null ? new URLSearchParams(body) : [])];
  const parameters = [
    ...redactor
      .fields(form.slice(0, mostFields), parameterMeanings)
      .map((field, index) => (index < query.length ? field : inBody(field))),
    ...redactor.fields(Object.entries(json ?? {}).slice(0, mostFields), bodyMeanings).map(inBody),
  ];
  const headers = Object.entries(sent.headers).map(([name, value]): RawField => [name.toLowerCase(), value]);
  const shown = headers.filter(([name]) => Object.hasOwn(headerMeanings.shown, name));
  return {
    method,
    url: bareAddress(url, redactor),
    headers: [...redactor.fields(shown, headerMeanings), ...credentials].map(withUsualCase),
    parameters,
  };
}

function inBody(field: TraceField): TraceField {
  return { ...field, inBody: true };
}

/** The query and the fragment of an address. */
function parametersOf(url: string): RawField[] {
  if (!URL.canParse(url)) return [];
  const { searchParams, hash } = new URL(url);
  return [...searchParams, ...new URLSearchParams(hash.slice(1))];
}

/** The address alone: its parameters are told one by one. */
function bareAddress(url: string, redactor: Redactor): string {
  return redactor.address(url.replace(/[?#].*$/s, ''));
}

/** The `Authorization` header: the scheme, and what kind of proof it is (RFC 7617, RFC 6750). */
function describeCredentials({ headers }: SentRequest, redactor: Redactor): TraceField[] {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (value === undefined) return [];
  const [scheme = '', proof = ''] = value.split(/\s+(.*)/s);
  redactor.remember(proof);
  if (/^basic$/i.test(scheme)) {
    const [, secret = ''] = Buffer.from(proof, 'base64').toString().split(/:(.*)/s);
    // Both were percent-encoded before (RFC 6749, section 2.3.1).
    for (const form of [secret, decoded(secret)]) redactor.remember(form);
    const meaning = 'client_secret_basic: the application, and its secret as the proof';
    const shown = `Basic ${redacted('client ID and secret', proof)}`;
    return [{ name: 'authorization', value: shown, redacted: true, meaning }];
  }
  const isBearer = /^bearer$/i.test(scheme);
  const contents = isBearer ? redactor.contents(proof) : null;
  return [
    {
      name: 'authorization',
      value: isBearer ? `Bearer ${redacted('access token', proof)}` : redacted('credentials', value),
      redacted: true,
      meaning: 'what this request may do',
      ...(contents && { contents }),
    },
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not ours, then: it is redacted as it stands.
    return text;
  }
}

/** An answer as it may be shown. `now` is when it came, in milliseconds since 1970. */
export function describeAnswer(
  answer: { readonly status: number; readonly headers: Headers; readonly body: string },
  role: EndpointRole,
  now: number,
  redactor: Redactor,
): TraceAnswer {
  const { status, headers } = answer;
  // The body first: what is secret in it must not turn up in a header.
  const content = describeContent(answer, role, redactor);
  const known = [...headers].filter(
    ([name]) => Object.hasOwn(headerMeanings.shown, name) || Object.hasOwn(headerMeanings.hidden, name),
  );
  return {
    status,
    headers: [
      ...redactor.fields(known, headerMeanings),
      ...describeDate(headers.get('date'), now),
      ...describeChallenge(headers.get('www-authenticate'), redactor),
      ...describeLocation(headers.get('location'), redactor),
    ].map(withUsualCase),
    ...content,
  };
}

/** What was known of a provider before, as if it had answered with it. */
export function describeKnown(document: JsonObject, redactor: Redactor): TraceAnswer {
  const { fields, otherFields } = describeDocument(document, redactor);
  const endpoints = fields.filter(({ name }) => /^(issuer|jwks_uri|\w+_endpoint)$/.test(name));
  const others = otherFields + fields.length - endpoints.length;
  return { status: null, headers: [], body: 'kept from before', fields: endpoints, otherFields: others };
}

type Content = Pick<TraceAnswer, 'body' | 'fields' | 'otherFields'>;

function describeContent(
  { status, body }: { readonly status: number; readonly body: string },
  role: EndpointRole,
  redactor: Redactor,
): Content {
  const json = parseJsonObject(body);
  if (json === null) {
    const claims = decodeJwt(body.trim())?.claims;
    if (claims === undefined) {
      const size = body === '' ? '' : `, ${counted(body.length, 'character')}`;
      return {
        body: describeBody(body) + wordsOfPage(body, status, redactor) + size,
        fields: [],
        otherFields: 0,
      };
    }
    redactor.remember(body.trim());
    const fields = redactor.contents(body.trim()) ?? [];
    return { body: redacted('answer', body.trim()), fields: fields.slice(0, mostFields), otherFields: 0 };
  }
  if (role === 'discovery') return { body: 'a JSON object', ...describeDocument(json, redactor) };
  if (role === 'keys') return { body: 'a JSON object', fields: describeKeys(json, redactor), otherFields: 0 };
  const meanings = role === 'userinfo' && !('error' in json) ? claimMeanings : answerMeaningsFor(json);
  const entries = Object.entries(json).flatMap(withInnerError);
  for (const [name, value] of entries) {
    const isHidden = Object.hasOwn(meanings.hidden, name) && !Object.hasOwn(meanings.shown, name);
    if (isHidden && typeof value === 'string') redactor.remember(value);
  }
  const fields = redactor.fields(entries.slice(0, mostFields), meanings);
  return { body: 'a JSON object', fields, otherFields: entries.length - fields.length };
}

/** The title of a page, and what a refusal says in plain text. */
function wordsOfPage(body: string, status: number, redactor: Redactor): string {
  const words = status >= 400 ? providerWords({ body }).description : pageTitle(body);
  return words === null ? '' : ` that says ${JSON.stringify(redactor.text(words))}`;
}

/** An `error` that is an object, field by field. A `code` in it that is no name may be one to sign in with. */
function withInnerError([name, value]: RawField): RawField[] {
  if (name !== 'error' || !isJsonObject(value)) return [[name, value]];
  const inner = Object.entries(value).filter(
    ([field, part]) => field !== 'code' || typeof part === 'number' || /^[a-z._-]{2,60}$/i.test(String(part)),
  );
  return inner.map(([field, part]) => [`error.${field}`, part]);
}

/** Logto's errors have a `code` that is a name, and may be seen; any other `code` may be one to sign in with. */
function answerMeaningsFor({ code }: JsonObject): Meanings {
  if (typeof code !== 'string' || !/^[a-z]{2,20}\.[a-z_]{2,60}$/.test(code)) return answerMeanings;
  return {
    ...answerMeanings,
    shown: { ...answerMeanings.shown, code: "the provider's own name for the error" },
  };
}

function describeDocument(document: JsonObject, redactor: Redactor): Pick<Content, 'fields' | 'otherFields'> {
  const names = Object.keys(discoveryMeanings.shown).filter((name) => Object.hasOwn(document, name));
  const fields = redactor.fields(
    names.map((name) => [name, document[name]]),
    discoveryMeanings,
  );
  return { fields, otherFields: Object.keys(document).length - names.length };
}

/** The public parts of the keys that name them: nothing else of a key is ever shown. */
function describeKeys({ keys }: JsonObject, redactor: Redactor): TraceField[] {
  return (Array.isArray(keys) ? keys : []).slice(0, mostFields).map((key: unknown) => {
    const { kty, crv, alg, use, kid } = isJsonObject(key) ? key : {};
    const parts = [alg, kty, crv, use, kid && `kid ${kid}`].filter((part) => typeof part === 'string');
    const value = redactor.text(parts.join(' '));
    return { name: 'key', value, redacted: false, meaning: 'a public key that signatures may be by' };
  });
}

/** The provider's clock (RFC 9110, section 6.6.1), which knows seconds only. */
function describeDate(date: string | null, now: number): TraceField[] {
  const time = Date.parse(date ?? '');
  if (date === null || Number.isNaN(time)) return [];
  const seconds = Math.round((time - now) / 1000);
  const difference =
    Math.abs(seconds) <= 1
      ? 'the same as ours'
      : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours`;
  const value = new Date(time).toUTCString();
  return [{ name: 'date', value, redacted: false, meaning: `the provider's clock: ${difference}` }];
}

/** Why a token was not accepted (RFC 6750, section 3). Of everything else in a challenge only the scheme is shown. */
function describeChallenge(challenge: string | null, redactor: Redactor): TraceField[] {
  const scheme = /^[A-Za-z]{1,20}\b/.exec(challenge ?? '')?.[0];
  if (challenge === null || scheme === undefined) return [];
  const told = challenge.match(/\b(?:error|error_description|scope)="[^"]*"/g) ?? [];
  const value = redactor.text([scheme, ...told].join(' '));
  return [{ name: 'www-authenticate', value, redacted: false, meaning: 'why it was refused (RFC 6750, 3)' }];
}

/** Where the answer sends its reader, and with what parameters. */
function describeLocation(location: string | null, redactor: Redactor): TraceField[] {
  if (location === null) return [];
  const query = /[?#].*$/s.exec(location)?.[0] ?? '';
  const parameters = parametersOf(`http://localhost/${query}`).slice(0, mostFields);
  const contents = redactor.fields(parameters, parameterMeanings);
  const value = bareAddress(location, redactor);
  const meaning = 'where the answer sends its reader';
  return [{ name: 'location', value, redacted: false, meaning, ...(contents.length > 0 && { contents }) }];
}

const usualCase: Readonly<Record<string, string>> = {
  'www-authenticate': 'WWW-Authenticate',
  'dpop-nonce': 'DPoP-Nonce',
};

function withUsualCase(field: TraceField): TraceField {
  const capitals = field.name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
  return { ...field, name: usualCase[field.name] ?? capitals };
}
