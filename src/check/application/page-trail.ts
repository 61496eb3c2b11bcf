import { parseSetCookie } from '../../headless/set-cookie.js';
import type { VisitedAddress } from '../../headless/visitor.js';
import { Headers } from '../../whole-response.js';
import type { PageResponse, TestedPage } from './tested-page.js';

/** What a page was answered. */
interface Answered {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
}

/** What a page is, where nobody tells. */
const html = { 'content-type': 'text/html' };

/** What a page asks for, and what it is answered, where it shows that. */
export class PageTrail {
  #asked: { readonly url: string; readonly method: string; status: number | null }[] = [];
  readonly #answers: Answered[] = [];
  readonly #reading: Promise<void>[] = [];
  /** Whether addresses are shown at all. */
  readonly isShown: boolean;

  /** @param sameSites what cookies of this browser say of `SameSite` where they are set, by name */
  constructor(
    page: TestedPage,
    private readonly sameSites: Map<string, string | null>,
  ) {
    this.isShown = page.on !== undefined;
    page.on?.('request', (request) => {
      if (request.isNavigationRequest())
        this.#asked.push({ url: request.url(), method: request.method(), status: null });
    });
    page.on?.('response', (response) => this.#answered(response));
    page.on?.('framenavigated', (frame) => {
      const url = frame.url();
      if (/^https?:/.test(url) && this.#asked.at(-1)?.url !== url) {
        this.#asked.push({ url, method: 'GET', status: this.answerOf(url)?.status ?? 200 });
      }
    });
  }

  /** Begins anew. */
  forget(): void {
    this.#asked = [];
  }

  get addresses(): readonly VisitedAddress[] {
    return this.#asked.map((asked) => ({ ...asked }));
  }

  /** Takes the status that whoever opens an address is told, where answers are not shown. */
  opened(url: string, answer: unknown): void {
    if (this.isShown || typeof answer !== 'object' || answer === null) return;
    const status: unknown = Reflect.get(answer, 'status');
    const told: unknown = typeof status === 'function' ? status.call(answer) : status;
    if (typeof told === 'number') this.#answers.push({ url, status: told, headers: new Headers(html) });
  }

  /** The page that was asked for last and is not answered. */
  get unanswered(): string | null {
    const last = this.#asked.at(-1);
    return last !== undefined && last.status === null ? last.url : null;
  }

  /** What was answered at this address, a part of it aside; `null` where that was not seen. */
  answerOf(url: string): Answered | null {
    const bare = url.split('#')[0];
    return this.#answers.findLast((answer) => answer.url.split('#')[0] === bare) ?? null;
  }

  /** Resolves when all is read that was answered. */
  async read(): Promise<void> {
    await Promise.all(this.#reading);
  }

  #answered(response: PageResponse): void {
    const request = response.request();
    const url = response.url();
    this.#reading.push(this.#readCookies(response));
    if (!request.isNavigationRequest()) return;
    const status = response.status();
    const asked = this.#asked.findLast((one) => one.status === null && one.url.split('#')[0] === url);
    if (asked !== undefined) asked.status = status;
    this.#answers.push({ url, status, headers: new Headers({ ...response.headers() }) });
  }

  async #readCookies(response: PageResponse): Promise<void> {
    if (response.allHeaders === undefined) return;
    // What a page that is gone was answered is not told any more.
    const headers = await response.allHeaders().catch(() => ({}) as Readonly<Record<string, string>>);
    for (const header of (headers['set-cookie'] ?? '').split('\n')) {
      const cookie = header === '' ? null : parseSetCookie(header, new URL(response.url()), Date.now());
      if (cookie !== null) this.sameSites.set(cookie.name, cookie.sameSite);
    }
  }
}
