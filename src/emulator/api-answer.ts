import type { IncomingMessage, ServerResponse } from 'node:http';
import { ExperienceRefusal } from './experience-refusal.js';

/** An answer of the API: JSON, a text, or nothing. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: object | string;
}

/** One request to the API, its body as it came. */
export interface ApiRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  /** `null` when it was far too large. */
  readonly body: string | null;
}

/** What a request carries. */
export type ApiBody = Readonly<Record<string, unknown>>;

/** The members of a body, none where it is empty or no object; `null` for what is no JSON. */
export function parseBody(text: string): ApiBody | null {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return null;
  }
}

/** A member of a body that has to be a text. @throws ExperienceRefusal `guard.invalid_input` */
export function textIn(body: ApiBody, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw invalidInput(name);
  return value;
}

/** The refusal of a member of a body. */
export function invalidInput(path: string): ExperienceRefusal {
  const issue = { code: 'custom', path: path.split('.'), message: 'Invalid input' };
  return new ExperienceRefusal(
    400,
    'guard.invalid_input',
    { issues: [issue], name: 'ZodError' },
    { type: 'body' },
  );
}

/** The answer that a refusal is. */
export function refusal({ status, code, message, data }: ExperienceRefusal): ApiAnswer {
  return { status, body: { message, code, ...(data !== undefined && { data }) } };
}
