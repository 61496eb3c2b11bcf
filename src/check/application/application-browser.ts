import type { BrowserRequest } from '../../headless/follow.js';
import { filledForm } from '../../headless/follow-sign-in.js';
import { formRequest, pressed, readForms } from '../../headless/html-form.js';
import type { Intercept, Visitor } from '../../headless/visitor.js';
import type {
  ApplicationCookie,
  ApplicationVisitor,
  NewUser,
  Page,
  SignedIn,
  SignInPage,
  SignOutPage,
  VisitorSignIn,
} from './application-visitor.js';
import type { ProviderUser } from './misbehaving-provider.js';
import { clickOn, type SignInWay } from './sign-in-way.js';
import type { SignedInOracle } from './signed-in-oracle.js';

/** More pages than the sign-in of any provider has. */
const mostForms = 8;

/** What a browser needs to know before it visits an application. */
export interface Surroundings {
  /** Where a visitor starts. */
  readonly startUrl: string;
  /** What is clicked from there. */
  readonly way: SignInWay;
  readonly isProvider: (address: string) => boolean;
  /** Those who can sign in; the first does unless somebody else is named. */
  readonly users: readonly ProviderUser[];
  /** What tells whether somebody is signed in; `null` while that is not known. */
  readonly oracle: SignedInOracle | null;
  /** The page that it is about. */
  readonly signedInUrl: string;
  readonly signOutUrl: string | undefined;
}

/** A browser that is none, before an application. */
export class ApplicationBrowser implements ApplicationVisitor {
  constructor(
    private readonly visitor: Visitor,
    private readonly surroundings: Surroundings,
  ) {}

  async signIn({ user: username, onCallback, parameters = {} }: VisitorSignIn = {}): Promise<SignInPage> {
    const { users } = this.surroundings;
    const user = users.find((known) => username === undefined || known.username === username);
    if (user === undefined) throw new TypeError(`the provider knows no user ${username}`);
    const { intercept } = new Callback(this.surroundings.isProvider, onCallback);
    const page = await this.#walk(intercept, this.surroundings.startUrl, parameters);
    return this.#fillIn(page, user, intercept);
  }

  async signUp(url: string, user: NewUser): Promise<SignInPage> {
    const { intercept } = new Callback(this.surroundings.isProvider);
    const asking: Intercept = async (request, from) => {
      const wanted = await intercept(request, from);
      return wanted !== null && this.surroundings.isProvider(wanted.url) ? asAtLogto(wanted) : wanted;
    };
    return this.#fillIn(await this.#walk(asking, url), user, intercept);
  }

  async isSignedIn(): Promise<SignedIn> {
    const { oracle, signedInUrl } = this.surroundings;
    if (oracle === null) throw new TypeError('nobody got to know the application');
    const look = () => this.look(signedInUrl);
    return oracle.judge(await look(), look);
  }

  open(url: string): Promise<Page> {
    return this.visitor.go({ url });
  }

  async signOut(): Promise<SignOutPage> {
    const { signOutUrl } = this.surroundings;
    if (signOutUrl === undefined) throw new TypeError('nobody said how one signs out');
    const page = await this.#signOutAt(signOutUrl);
    return { ...page, isBegun: page.trail.length > 1 };
  }

  /** Opens the sign-out, and presses the button of a page that asks whether it is meant. */
  async #signOutAt(url: string): Promise<Page> {
    const page = await this.open(url);
    if (page.end !== 'page' || this.surroundings.isProvider(page.url)) return page;
    const form = readForms(page.text).find(
      (own) =>
        (own.hidden || own.fields.size === 0) && /(sign|log)[\s_-]*(out|off)/i.test(own.label + own.action),
    );
    const request = form === undefined ? null : formRequest(pressed(form), page.url);
    return request === null ? page : after(page, await this.visitor.go(request));
  }

  /** Opens an address, and asks the provider for nothing. */
  look(url: string): Promise<Page> {
    return this.visitor.go({ url }, ({ url: wanted, ...rest }) =>
      this.surroundings.isProvider(wanted) ? null : { url: wanted, ...rest },
    );
  }

  /** Follows the way to the provider, and stops before it is asked. */
  approach(): Promise<Page> {
    return this.#walk((request) => (this.surroundings.isProvider(request.url) ? null : request));
  }

  async cookies(): Promise<readonly ApplicationCookie[]> {
    return this.visitor.cookies
      .list()
      .filter(({ setBy }) => !this.surroundings.isProvider(setBy))
      .map(({ name, value, host, hasSubdomains, path, secure, httpOnly, sameSite }) => {
        return { name, value, host, hasSubdomains, path, secure, httpOnly, sameSite };
      });
  }

  async withCookies(cookies: readonly ApplicationCookie[]): Promise<ApplicationBrowser> {
    const other = new ApplicationBrowser(this.visitor.another(), this.surroundings);
    other.visitor.cookies.add(
      cookies.map(({ sameSite, hasSubdomains = false, ...cookie }) => ({
        ...cookie,
        hasSubdomains,
        sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : null,
        expiresAt: null,
        setBy: new URL(this.surroundings.startUrl).origin,
        setAt: Date.now(),
      })),
    );
    return other;
  }

  async withoutApplication(): Promise<ApplicationBrowser> {
    const other = new ApplicationBrowser(this.visitor.another(), this.surroundings);
    const ofProvider = this.visitor.cookies.list().filter(({ setBy }) => this.surroundings.isProvider(setBy));
    other.visitor.cookies.add(ofProvider);
    return other;
  }

  /** Fills in the forms of the provider, and follows where they lead. */
  async #fillIn(first: Page, { username, password }: NewUser, intercept: Intercept): Promise<SignInPage> {
    const { isProvider } = this.surroundings;
    let page = first;
    const sent = new Set<string>();
    for (let count = 0; count < mostForms && this.#isAtProvider(page); count += 1) {
      const form = filledForm(page.text, username, password);
      const request = form === null ? null : formRequest(form, page.url);
      const names = [...(form?.fields.keys() ?? [])].join();
      // The same form once more means that what was filled in was refused.
      if (form === null || request === null || (sent.has(names) && !form.hidden)) break;
      sent.add(names);
      page = after(page, await this.visitor.go(request, intercept));
    }
    return { ...page, isAsked: page.trail.some(({ url, method }) => method === 'POST' && isProvider(url)) };
  }

  async #walk(
    intercept: Intercept,
    startUrl: string = this.surroundings.startUrl,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    const { way, isProvider } = this.surroundings;
    const given = (request: BrowserRequest): BrowserRequest => {
      const url = new URL(request.url);
      if (isProvider(request.url)) return request;
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { ...request, url: url.href };
    };
    let page = await this.visitor.go(given({ url: startUrl }), intercept);
    for (const step of way) {
      const click: BrowserRequest | null = page.end === 'page' ? clickOn(step, page) : null;
      if (click === null) break;
      page = after(page, await this.visitor.go(given(click), intercept));
    }
    return page;
  }

  #isAtProvider({ end, url }: Page): boolean {
    return end === 'page' && this.surroundings.isProvider(url);
  }
}

/**
 * A request for a registration as a provider of Logto's kind knows it: `prompt=create` (Initiating User Registration via
 * OpenID Connect 1.0) is not known there, and means the same.
 */
function asAtLogto(request: BrowserRequest): BrowserRequest {
  const url = new URL(request.url);
  const prompts = (url.searchParams.get('prompt') ?? '').split(' ');
  if (!prompts.includes('create')) return request;
  const others = prompts.filter((prompt) => prompt !== 'create').join(' ');
  if (others === '') url.searchParams.delete('prompt');
  else url.searchParams.set('prompt', others);
  url.searchParams.set('first_screen', 'register');
  return { ...request, url: url.href };
}

/** One page after another: its trail is that of both. */
function after(page: Page, next: Page): Page {
  return { ...next, trail: [...page.trail, ...next.trail] };
}

/** Watches for the way back from the provider, which is gone once. */
class Callback {
  #isOver = false;

  constructor(
    private readonly isProvider: (address: string) => boolean,
    private readonly change?: VisitorSignIn['onCallback'],
  ) {}

  readonly intercept: Intercept = async (request, from) => {
    const isToProvider = this.isProvider(request.url);
    if (this.#isOver) return isToProvider ? null : request;
    if (isToProvider || from === null || !this.isProvider(from)) return request;
    this.#isOver = true;
    return this.change === undefined ? request : this.#changed(request);
  };

  async #changed(request: BrowserRequest): Promise<BrowserRequest | null> {
    const shown = new URL(request.url);
    const isForm = request.body !== undefined;
    if (isForm) shown.search = String(request.body);
    const changed = await this.change?.(shown);
    if (changed === undefined || changed === null) return null;
    if (!isForm) return { ...request, url: changed.href };
    const body = new URLSearchParams(changed.search);
    return { ...request, url: changed.origin + changed.pathname, body };
  }
}
