import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './pages/page.js';

/** One request for a page. */
export interface PageRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  /** Empty unless it is a POST. */
  readonly form: URLSearchParams;
}

/** A page, or a way to another one. */
export type PageAnswer =
  | { readonly status: number; readonly page: Page }
  | { readonly status: 302 | 303; readonly location: string };
