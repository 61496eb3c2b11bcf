import { isJsonObject } from '../oidc/http-answer.js';
import { decodeJwt, isTime } from '../oidc/validate/jwt.js';
import { isoTime } from '../output/moments.js';
import { SecretMask } from '../secret-forms.js';
import { counted } from '../wording.js';
import { claimMeanings, type Meanings } from './meanings.js';
import type { TraceFailure, TraceField } from './trace.js';

/** A name and what came under it, raw. */
export type RawField = readonly [name: string, value: unknown];

const longestValue = 400;
const longestList = 12;

/** More fields than anybody reads. */
export const mostFields = 40;

/** More JWTs than any message has. What is inside of those beyond, or of one that stands in another, is not shown. */
const mostContents = 4;

/** What may be a secret under a name that nobody here knows. Shorter texts are names, and stand everywhere. */
const secretLooking = /^(?=.*\d)[\w.~+/=-]{16,}$/;

/**
 * Turns what was sent and received into what may be seen of it. A value is shown only under a name that stands in the
 * list of those that may; everything else is replaced by its kind and length. And what was replaced once is blacked out
 * of every text that is shown later, in each of the forms in which it travels: a provider may repeat it anywhere.
 */
export class Redactor {
  readonly #mask = new SecretMask('‹redacted›');

  /** Keeps a value out of everything that is shown from now on. */
  remember(secret: string): void {
    this.#mask.add(secret);
  }

  /** A text without anything that was remembered, and of a length that somebody reads. */
  text(text: string): string {
    return this.#mask.hide(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
  }

  /** A failure without anything that was remembered. */
  failure({ code, message, hint }: TraceFailure): TraceFailure {
    return { code, message: this.text(message), hint: this.text(hint) };
  }

  /** The fields as they may be shown, in their order. */
  fields(raw: readonly RawField[], meanings: Meanings): TraceField[] {
    let room = mostContents;
    return this.#shownFields(raw, meanings, (value) => {
      const contents = room === 0 ? null : this.contents(value);
      if (contents !== null) room -= 1;
      return contents;
    });
  }

  /** What a JWT says about itself: its header and claims, redacted like everything else. */
  contents(jwt: string): TraceField[] | null {
    const decoded = decodeJwt(jwt);
    if (decoded === null) return null;
    const { alg, kid, typ } = decoded.header;
    const header = Object.entries({ alg, kid, typ }).filter(([, value]) => value !== undefined);
    const claims = Object.entries(decoded.claims).slice(0, mostFields).map(readableTime);
    return this.#shownFields([...header, ...claims], claimMeanings, () => null);
  }

  /** An address to the letter, but for user name, query and fragment, which may hold anything. */
  address(url: string): string {
    const [, place = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(url) ?? [];
    const bare = place.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, `$1‹user name and password›@`);
    return this.text(bare) + (rest === '' ? '' : redacted(rest.startsWith('?') ? 'query' : 'fragment', rest));
  }

  #shownFields(
    raw: readonly RawField[],
    meanings: Meanings,
    contentsOf: (value: string) => TraceField[] | null,
  ): TraceField[] {
    // All of them first: one may repeat another that comes later.
    for (const [name, value] of raw) this.#rememberHidden(name, value, meanings);
    return raw.map(([name, value]) => this.#field(name, value, meanings, contentsOf));
  }

  #rememberHidden(name: string, value: unknown, meanings: Meanings): void {
    if (isJsonObject(value)) {
      for (const [inner, part] of Object.entries(value)) this.#rememberHidden(inner, part, meanings);
    }
    const { shown, personal, hidden } = meanings;
    if (typeof value !== 'string' || Object.hasOwn(shown, name) || Object.hasOwn(personal, name)) return;
    if (Object.hasOwn(hidden, name) || secretLooking.test(value)) this.remember(value);
  }

  #field(
    name: string,
    value: unknown,
    meanings: Meanings,
    contentsOf: (value: string) => TraceField[] | null,
  ): TraceField {
    const shownName = this.text(name).slice(0, 80);
    if (Object.hasOwn(meanings.shown, name)) {
      const text = this.#shown(value);
      const meaning = meanings.shown[name] ?? null;
      return { name: shownName, value: text ?? kindOf(value), redacted: text === null, meaning };
    }
    const known = [meanings.personal, meanings.hidden].find((redactions) => Object.hasOwn(redactions, name));
    const [kind, meaning] = known?.[name] ?? [];
    const contents = typeof value === 'string' ? contentsOf(value) : null;
    return {
      name: shownName,
      value: kind === undefined || typeof value !== 'string' ? kindOf(value) : redacted(kind, value),
      redacted: true,
      meaning: meaning ?? null,
      ...(contents && { contents }),
    };
  }

  /** The value as text; `null` for one that has no business under a name whose values are shown. */
  #shown(value: unknown): string | null {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
    if (value === '') return '‹empty›';
    if (typeof value === 'string')
      return /^https?:\/\//i.test(value) ? this.address(value) : this.text(value);
    if (!Array.isArray(value)) return null;
    const texts = value.slice(0, longestList).map((item) => this.#shown(item) ?? kindOf(item));
    const more = value.length - texts.length;
    return [...texts, ...(more > 0 ? [`… and ${more} more`] : [])].join(', ');
  }
}

/** The claims that are moments (RFC 7519, section 4.1; OpenID Connect Core 1.0, section 2), for a person. */
function readableTime([name, value]: RawField): RawField {
  if (!['exp', 'iat', 'nbf', 'auth_time'].includes(name) || !isTime(value) || value > 8.64e12)
    return [name, value];
  return [name, `${value} (${isoTime(value * 1000)})`];
}

/** What stands in the place of a secret: its kind and its length. */
export function redacted(kind: string, secret: string): string {
  const form = decodeJwt(secret) === null ? '' : 'a JWT of ';
  return `‹${kind}, ${form}${counted(secret.length, 'character')}›`;
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return redacted('text', value);
  if (Array.isArray(value)) return `‹list of ${value.length}›`;
  return value === null ? 'null' : `‹${typeof value}›`;
}
