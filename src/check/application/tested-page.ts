/** A request of a page. */
export interface PageRequest {
  /** What is asked for. */
  url(): string;
  /** Such as `GET`. */
  method(): string;
  /** Whether it is for a page, and not for what is in one. */
  isNavigationRequest(): boolean;
}

/** What a request of a page was answered. */
export interface PageResponse {
  /** What was asked for. */
  url(): string;
  /** The HTTP status. */
  status(): number;
  /** By their names in lower case. */
  headers(): Readonly<Record<string, string>>;
  /** With those that set cookies, one a line. */
  allHeaders?(): Promise<Readonly<Record<string, string>>>;
  /** What it answers. */
  request(): PageRequest;
}

/**
 * A page of a browser, as Playwright's `Page` is one. What is optional is needed by some checks only, which are skipped
 * without it, and say so.
 */
export interface TestedPage {
  /** Opens an address; of what it resolves to, `status()` is read where it has that. */
  goto(url: string): Promise<unknown>;
  /** The address that is shown. */
  url(): string;
  /** The markup that is shown. */
  content(): Promise<string>;
  /** Ends it. */
  close(): Promise<unknown>;
  /** What shows the addresses that the browser asks for, and what it is answered. */
  readonly on?: {
    (event: 'request', listener: (request: PageRequest) => void): unknown;
    (event: 'response', listener: (response: PageResponse) => void): unknown;
    (event: 'framenavigated', listener: (frame: { url(): string }) => void): unknown;
  };
  /** What tells when nothing is asked for any more. */
  waitForLoadState?(state: 'networkidle', options: { readonly timeout: number }): Promise<unknown>;
}

/** A cookie, as Playwright tells it. */
export interface TestedCookie {
  /** How it is called. */
  readonly name: string;
  /** What it holds. */
  readonly value: string;
  /** The host that gets it; with a dot before it, those below it too. */
  readonly domain: string;
  /** The path that it is sent to, and below. */
  readonly path: string;
  /** Seconds since 1970; -1 for as long as the browser runs. */
  readonly expires: number;
  /** Whether scripts cannot read it. */
  readonly httpOnly: boolean;
  /** Whether it is sent over TLS alone. */
  readonly secure: boolean;
  /** Which requests of other sites it goes along with. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
}

/** A browser with cookies of its own, as Playwright's `BrowserContext` is one. */
export interface TestedBrowser<Page extends TestedPage = TestedPage> {
  /** Opens a page. */
  newPage(): Promise<Page>;
  /** Needed where a check copies cookies. */
  cookies?(): Promise<readonly TestedCookie[]>;
  /** Needed where a check copies cookies. */
  addCookies?(cookies: TestedCookie[]): Promise<unknown>;
  /** Ends it, with all its pages. */
  close(): Promise<unknown>;
}
