import { visibleText } from '../../oidc/html.js';
import { Headers } from '../../whole-response.js';
import type {
  ApplicationCookie,
  ApplicationVisitor,
  Page,
  SignedIn,
  SignInPage,
  SignOutPage,
  VisitorSignIn,
} from './application-visitor.js';
import type { ProviderUser } from './misbehaving-provider.js';
import type { PageBrowser, PageBrowserParts, StepEnd, Tab } from './page-browser.js';
import type { TestedCookie, TestedPage } from './tested-page.js';
import { Untold } from './untold.js';

/** What a visit of somebody's own is told. */
export interface PageVisit {
  /** Where it begins; the page is there already. */
  readonly url: string;
  /** Who signs in, by username. The provider asks for nothing. */
  readonly username: string;
}

/** Steps of somebody's own before an application. */
export interface PageSteps<Page extends TestedPage> extends PageBrowserParts<Page> {
  readonly visit: (page: Page, visit: PageVisit) => Promise<unknown>;
  readonly isSignedIn: (page: Page) => boolean | Promise<boolean>;
  readonly signOut?: (page: Page) => Promise<unknown>;
  /** Whether a cookie of this name is one of the provider. */
  readonly isProviderCookie: (name: string) => boolean;
}

/** What is known of the application that is visited. */
export interface PageSurroundings {
  readonly startUrl: string;
  readonly signedInUrl: string;
  readonly providerUrl: string;
  readonly isProvider: (address: string) => boolean;
  readonly isApplication: (address: string) => boolean;
  readonly users: readonly ProviderUser[];
  /** The user's words that only a signed-in page says. */
  readonly words: readonly string[];
  /** The status at which a stranger is shown that page. */
  readonly strangersStatus: number;
  /** Is told of a step that did not come to its end, though the application answered. */
  readonly onProblem: (problem: string) => void;
}

/** What somebody's own look at an application found. */
export interface Look {
  /** `null`: no page was shown that could be looked at. */
  readonly isSignedIn: boolean | null;
  readonly page: Page;
}

/** A real browser before an application, or whatever else somebody visits it with. */
export class PageVisitor<Own extends TestedPage> implements ApplicationVisitor {
  /** The address that could not be opened. */
  #unopened: string | null = null;

  constructor(
    private readonly steps: PageSteps<Own>,
    private readonly surroundings: PageSurroundings,
    /** Another browser in the same visit, with these cookies. */
    private readonly another: (planted: readonly TestedCookie[]) => PageVisitor<Own>,
    readonly browser: PageBrowser<Own>,
  ) {}

  /** Follows the way to the provider, and stops before it answers. */
  async approach(): Promise<Page> {
    return this.#shown(await this.#walk({ isAnswered: () => false }, this.steps.timeLimit * 4), false);
  }

  async signIn({ user, onCallback, parameters = {} }: VisitorSignIn = {}): Promise<SignInPage> {
    const username = user ?? this.surroundings.users[0]?.username ?? '';
    let isAsked = false;
    let isOver = false;
    let withheld: URL | null = null;
    const guide = {
      signInAs: () => {
        isAsked = true;
        return username;
      },
      // What leads to the provider after the callback would sign in anew, and soundly.
      isAnswered: () => !isOver,
      onCallback: async (callback: URL) => {
        isOver = true;
        const changed = onCallback === undefined ? callback : await onCallback(callback);
        if (changed === null) withheld = callback;
        return changed;
      },
    };
    const walked = await this.#walk(guide, this.steps.timeLimit, { username, parameters });
    const page = await this.#shown(walked, false);
    const held = withheld as URL | null;
    return held === null ? { ...page, isAsked } : { ...page, url: held.href, isAsked };
  }

  async isSignedIn(): Promise<SignedIn> {
    const { isSignedIn, page } = await this.look();
    const isBroken = page.status >= 500 && page.status !== this.surroundings.strangersStatus;
    if (isBroken || isSignedIn === null) return page.end === 'elsewhere' ? 'nobody' : 'stuck';
    if (!isSignedIn) return 'nobody';
    const { words } = this.surroundings;
    const text = visibleText(page.text);
    return words.length === 0 || words.some((word) => text.includes(word)) ? 'user' : 'somebody';
  }

  /** Opens the page that tells whether somebody is signed in, and asks whether it does. The provider answers nothing. */
  async look(): Promise<Look> {
    const { signedInUrl } = this.surroundings;
    let isSignedIn: boolean | null = null;
    const { tab, end } = await this.#step({ isAnswered: () => false }, async (own) => {
      await this.#goto(own, signedInUrl);
      isSignedIn = await this.steps.isSignedIn(own.page);
      if (isSignedIn) return;
      // A page may say that late.
      await this.browser.settle(own);
      isSignedIn = await this.steps.isSignedIn(own.page);
    });
    const page = await this.#shown({ tab, end }, true, false);
    if ((end.kind === 'thrown' || end.kind === 'late') && page.end === 'page' && !(page.status >= 500)) {
      const how = end.kind === 'thrown' ? `threw: ${end.problem}` : 'did not answer in time.';
      throw new Untold(
        `Whether somebody is signed in at ${page.url} cannot be told: isSignedIn ${how}`,
        'incomplete',
        'Let it return true or false at each page that is shown there, also to whoever is not signed in.',
      );
    }
    return { isSignedIn: end.kind === 'done' ? isSignedIn : null, page };
  }

  async open(url: string): Promise<Page> {
    const opened = await this.#step({ isAnswered: () => false }, async (tab) => {
      await this.#goto(tab, url);
    });
    return this.#shown(opened, true);
  }

  async signOut(): Promise<SignOutPage> {
    const { signOut } = this.steps;
    if (signOut === undefined) throw new TypeError('nobody said how one signs out');
    const { signedInUrl } = this.surroundings;
    const signedOut = await this.#step({ isAnswered: () => false }, async (tab) => {
      await this.#goto(tab, signedInUrl);
      await signOut(tab.page);
    });
    return { ...(await this.#shown(signedOut, false)), isBegun: true };
  }

  async cookies(): Promise<readonly ApplicationCookie[]> {
    const { sameSites } = this.browser;
    const own = (await this.#allCookies()).filter(({ name }) => !this.steps.isProviderCookie(name));
    return own.map(({ name, value, domain, path, secure, httpOnly }) => {
      return { name, value, host: domain, path, secure, httpOnly, sameSite: sameSites.get(name) };
    });
  }

  async withCookies(cookies: readonly ApplicationCookie[]): Promise<PageVisitor<Own>> {
    return this.another(
      cookies.map(({ name, value, host: domain, path, secure, httpOnly, sameSite }) => {
        const known = sameSite === 'strict' ? 'Strict' : sameSite === 'none' && secure ? 'None' : 'Lax';
        return { name, value, domain, path, secure, httpOnly, sameSite: known, expires: -1 };
      }),
    );
  }

  async withoutApplication(): Promise<PageVisitor<Own>> {
    const all = await this.#allCookies();
    return this.another(all.filter(({ name }) => this.steps.isProviderCookie(name)));
  }

  async #allCookies(): Promise<readonly TestedCookie[]> {
    const context = await this.browser.context();
    if (context.cookies === undefined || context.addCookies === undefined) {
      throw new Untold(
        'It copies cookies, and what newContext() makes has no cookies() and addCookies(), as a BrowserContext of Playwright has.',
      );
    }
    const { trail } = await this.browser.tab();
    await trail.read();
    return context.cookies();
  }

  #walk(
    guide: Parameters<PageBrowser<Own>['step']>[0],
    timeLimit: number,
    {
      username = this.surroundings.users[0]?.username ?? '',
      parameters = {},
    }: { readonly username?: string; readonly parameters?: Readonly<Record<string, string>> } = {},
  ): Promise<Walked<Own>> {
    const url = new URL(this.surroundings.startUrl);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return this.#step(
      guide,
      async (tab) => {
        await this.#goto(tab, url.href);
        await this.steps.visit(tab.page, { url: url.href, username });
      },
      timeLimit,
    );
  }

  async #step(...[guide, work, timeLimit]: Parameters<PageBrowser<Own>['step']>): Promise<Walked<Own>> {
    const tab = await this.browser.tab();
    this.#unopened = null;
    return { tab, end: await this.browser.step(guide, work, timeLimit) };
  }

  /** Opens an address. That a page leads on by itself before it is complete is no failure. */
  async #goto({ page, trail }: Tab<Own>, url: string): Promise<void> {
    try {
      trail.opened(url, await page.goto(url));
    } catch (error) {
      const leadsOn = trail.isShown && isAddress(page.url()) && trail.unanswered !== url;
      if (leadsOn) return;
      this.#unopened = url;
      throw error;
    }
  }

  /** The page that a step ended at. */
  async #shown({ tab, end }: Walked<Own>, isOurs: boolean, settles = true): Promise<Page> {
    const { page, trail } = tab;
    const { isProvider, isApplication, onProblem } = this.surroundings;
    const ended = (how: Page['end'], url: string): Page => {
      return { url, status: 0, text: '', headers: new Headers(), trail: trailOf(trail), end: how };
    };
    if (end.kind === 'held') return ended('elsewhere', this.surroundings.providerUrl);
    const asked = trail.unanswered;
    if (end.kind === 'late') {
      if (asked !== null) return ended('hang', asked);
      if (!isOurs) onProblem(`it did not end within ${Math.round(this.steps.timeLimit / 1000)} s`);
      return ended('page', this.surroundings.signedInUrl);
    }
    if (settles) await this.browser.settle(tab);
    const url = page.url();
    if (this.#unopened !== null || !isAddress(url)) {
      const target = asked ?? this.#unopened ?? trail.addresses.at(-1)?.url ?? this.surroundings.startUrl;
      return ended(isProvider(target) || isApplication(target) ? 'cut' : 'elsewhere', target);
    }
    if (!isProvider(url) && !isApplication(url)) return ended('elsewhere', url);
    if (end.kind === 'thrown' && !isOurs) onProblem(end.problem);
    const answer = trail.answerOf(url);
    return {
      ...ended('page', url),
      status: answer?.status ?? 0,
      headers: answer?.headers ?? new Headers({ 'content-type': 'text/html' }),
      text: await contentOf(page),
    };
  }
}

interface Walked<Own extends TestedPage> {
  readonly tab: Tab<Own>;
  readonly end: StepEnd;
}

/** Not the page of a browser that could not open one. */
function isAddress(url: string): boolean {
  return /^https?:/.test(url);
}

/** The addresses of a browser; whoever looks at those that are not shown hears why. */
function trailOf(trail: Tab<TestedPage>['trail']): Page['trail'] {
  if (trail.isShown) return trail.addresses;
  return new Proxy<Page['trail']>([], {
    get: () => {
      throw new Untold(
        'It needs every address that the browser asks for, which a page without on() does not show, as a Page of Playwright does.',
      );
    },
  });
}

/** The markup of a page, which cannot be had while it leads on. */
async function contentOf(page: TestedPage): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await page.content();
    } catch (error) {
      if (attempt === 2) throw error;
    }
  }
}
