import { pageTitle } from '../html.js';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json-object.js';

/** What an answer says of a failure, wherever it says it. Raw: whoever shows it blacks out secrets first. */
export interface ProviderWords {
  /** The name of the error; `null` where none is given. */
  readonly error: string | null;
  /** Words for people; `null` where there are none. */
  readonly description: string | null;
}

/** What a provider may say, from its answer; what it is made of may be unknown. */
export interface SpokenAnswer {
  readonly body: string;
  readonly headers?: Headers;
}

/** Fields for people, the most telling first: those of OAuth, Okta, RFC 9457 and of many an API. In lower case. */
const descriptionFields = [
  'error_description',
  'errorsummary',
  'error_message',
  'errormessage',
  'message',
  'detail',
  'description',
  'reason',
  'title',
];

/** Whether a text can be the name of an error, as RFC 6749 has them (`invalid_grant`), and not a number or a sentence. */
const errorName = /^[a-z][a-z0-9_.-]{1,60}$/;

/**
 * What an answer says: in its JSON (an `error` that is an object is looked into), in the challenge of its header (RFC 6750,
 * section 3), in the title of its page, or in its plain text.
 */
export function providerWords({ body, headers }: SpokenAnswer): ProviderWords {
  const json = parseJsonObject(body);
  const told = json === null ? { error: null, description: plainWords(body) } : wordsOfJson(json);
  const challenge = headers?.get('www-authenticate') ?? '';
  return {
    error: told.error ?? textIn(/(?:^|[\s,])error="([^"]{1,500})"/i.exec(challenge)?.[1]),
    description:
      told.description ?? textIn(/(?:^|[\s,])error_description="([^"]{1,500})"/i.exec(challenge)?.[1]),
  };
}

function wordsOfJson(body: JsonObject): ProviderWords {
  const fields = lowerCased(body);
  const { error: named, errors } = Object.fromEntries(fields);
  const inner = [named, ...(Array.isArray(errors) ? errors : [])].find(isJsonObject);
  const nested = lowerCased(inner ?? {});
  const candidates = [
    ...['errorcode', 'error_code'].map((name) => fields.get(name)),
    ...['error', 'code', 'type', 'status', 'errorcode'].map((name) => nested.get(name)),
    withoutPrefix(fields.get('code')),
  ];
  return {
    error: textIn(named) ?? candidates.map(textIn).find(isErrorName) ?? null,
    description: descriptionIn(fields) ?? descriptionIn(nested),
  };
}

function lowerCased(object: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}

function descriptionIn(fields: ReadonlyMap<string, unknown>): string | null {
  return descriptionFields.map((name) => textIn(fields.get(name))).find((text) => text !== null) ?? null;
}

/** Logto's `oidc.access_denied`, where it is all that names the error. */
function withoutPrefix(code: unknown): unknown {
  return typeof code === 'string' && code.startsWith('oidc.') ? code.slice('oidc.'.length) : null;
}

function isErrorName(text: string | null): text is string {
  return text !== null && errorName.test(text);
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The title of a page; of text that is neither a page nor broken JSON the beginning. */
function plainWords(body: string): string | null {
  const start = body.slice(0, 1_000).trim();
  if (start.startsWith('<')) return pageTitle(body);
  return /^[[{"]/.test(start) ? null : textIn(start);
}
