import { LogtoError } from '../../errors.js';
import { visibleText } from '../../oidc/html.js';
import { shellWord } from '../../shell-word.js';
import type { MisbehavingProvider, ProviderVisit } from './misbehaving-provider.js';
import { PageBrowser } from './page-browser.js';
import { type PageSteps, type PageSurroundings, PageVisitor } from './page-visitor.js';
import { wordsOf } from './signed-in-oracle.js';
import type { TestedCookie, TestedPage } from './tested-page.js';
import { noRequest, notSignedIn, strangerSignedIn } from './undecided-visit.js';
import type { Acquaintance, VisitedApplication, Visiting, VisitingWords } from './visiting.js';

/** Where an application is visited. */
export interface PageAddresses {
  readonly url: string;
  readonly signedInUrl: string;
}

/**
 * An address of the application.
 *
 * @throws LogtoError `config_invalid` for what is none
 */
export function addressOf(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.username !== '' || url.password !== '')) {
    throw new LogtoError(
      'config_invalid',
      `${name} must not hold a user name or password.`,
      `Give it as ${shellWord(`${url.origin}${url.pathname}`)}, and have the steps sign in.`,
    );
  }
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new LogtoError(
    'config_invalid',
    `${name} is no web address.`,
    'Give one with its scheme, such as http://localhost:5173/',
  );
}

/** Visits by steps of somebody's own, in a browser of theirs. */
export class PageVisiting<Page extends TestedPage> implements Visiting {
  readonly words: VisitingWords = {
    signOut: 'the option signOut',
    signUp: '--sign-up <url> of logto-cli test-app',
    backChannelLogout: 'the option backChannelLogoutUrl',
    returnParameter: 'the option returnParameter',
    lost: 'run this one alone, with the option only',
    restart: 'start it again, and run the test again',
  };
  /** The browsers of each visit, by its id. */
  readonly #browsers = new Map<string, PageBrowser<Page>[]>();
  readonly #problems = new Map<string, string>();
  /** The first authorization request. */
  #request: URL | null = null;

  constructor(private readonly steps: PageSteps<Page>) {}

  /** What kept a step of a visit from its end, though the application answered; `null` where nothing did. */
  problemOf({ id }: ProviderVisit): string | null {
    return this.#problems.get(id) ?? null;
  }

  async leave({ id }: ProviderVisit): Promise<void> {
    const browsers = this.#browsers.get(id) ?? [];
    this.#browsers.delete(id);
    this.#problems.delete(id);
    await Promise.all(browsers.map((browser) => browser.close()));
  }

  /** Ends all visits, however far they are. */
  async end(): Promise<void> {
    const browsers = [...this.#browsers.values()].flat();
    this.#browsers.clear();
    await Promise.all(browsers.map((browser) => browser.close()));
  }

  /**
   * The ID that the application has at the provider, by the authorization request that the visit leads to.
   *
   * @throws LogtoError `app_undecided` where it leads to none
   */
  async appIdOf(provider: MisbehavingProvider, { url, signedInUrl }: PageAddresses): Promise<string> {
    const { origin } = new URL(url);
    const isProvider = (address: string) => new URL(address).origin === new URL(provider.endpoint).origin;
    this.#request ??= await this.#approach(provider, {
      startUrl: url,
      signedInUrl,
      providerUrl: provider.endpoint,
      isProvider,
      isApplication: (address) => new URL(address).origin === origin,
      users: provider.description.users,
    });
    return this.#request.searchParams.get('client_id') ?? '';
  }

  /** The authorization request that the visit leads to, which the provider does not answer. */
  #approach(
    provider: MisbehavingProvider,
    surroundings: Omit<PageSurroundings, 'words' | 'strangersStatus' | 'onProblem'>,
  ): Promise<URL> {
    return this.#visiting(provider, async (visit) => {
      const visitor = this.#visitor(visit, { ...surroundings, words: [], strangersStatus: 0 });
      const page = await visitor.approach();
      const request = visit.requests.find(({ endpoint }) => endpoint === 'authorization');
      if (request === undefined) throw noRequest(page, surroundings, this.problemOf(visit));
      const parameters = request.parameters.map(([name, value]): [string, string] => [name, value]);
      return new URL(`${provider.issuer}/auth?${new URLSearchParams(parameters)}`);
    });
  }

  async getToKnow(application: VisitedApplication): Promise<Acquaintance> {
    const { provider, options, user, isProvider, isApplication } = application;
    const surroundings = {
      startUrl: options.url,
      signedInUrl: options.signedInUrl ?? options.url,
      providerUrl: provider.endpoint,
      isProvider,
      isApplication,
      users: provider.description.users,
    };
    this.#request ??= await this.#approach(provider, surroundings);
    const authorizationRequest = this.#request;
    application.register(authorizationRequest);
    const known = await this.#visiting(provider, async (visit) => {
      const own = { ...surroundings, words: [], strangersStatus: 0 };
      const stranger = await this.#visitor(visit, own).look();
      if (stranger.isSignedIn === true) throw strangerSignedIn(stranger.page, surroundings);
      const visitor = this.#visitor(visit, own);
      const end = await visitor.signIn();
      const signedIn = await visitor.look();
      if (signedIn.isSignedIn !== true) {
        throw notSignedIn(
          { end, looked: signedIn.page, requests: visit.requests },
          surroundings,
          this.problemOf(visit),
        );
      }
      const [text, strangersText] = [signedIn, stranger].map(({ page }) => visibleText(page.text));
      const words = wordsOf(user).filter((word) => text?.includes(word) && !strangersText?.includes(word));
      return { words, strangersStatus: stranger.page.status };
    });
    return {
      authorizationRequest,
      newVisitor: (visit) => this.#visitor(visit, { ...surroundings, ...known }),
    };
  }

  async #visiting<Result>(
    provider: MisbehavingProvider,
    work: (visit: ProviderVisit) => Promise<Result>,
  ): Promise<Result> {
    const visit = provider.visit();
    try {
      return await work(visit);
    } finally {
      visit.close();
      await this.leave(visit);
    }
  }

  #visitor(
    visit: ProviderVisit,
    surroundings: Omit<PageSurroundings, 'onProblem'>,
    planted: readonly TestedCookie[] = [],
  ): PageVisitor<Page> {
    const browser = new PageBrowser(this.steps, visit, planted);
    this.#browsers.set(visit.id, [...(this.#browsers.get(visit.id) ?? []), browser]);
    const onProblem = (problem: string) => this.#problems.set(visit.id, problem);
    const another = (cookies: readonly TestedCookie[]) => this.#visitor(visit, surroundings, cookies);
    return new PageVisitor(this.steps, { ...surroundings, onProblem }, another, browser);
  }
}
