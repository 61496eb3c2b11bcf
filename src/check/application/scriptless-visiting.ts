import { Visitor } from '../../headless/visitor.js';
import type { Fetch } from '../../network/fetch.js';
import { ApplicationBrowser } from './application-browser.js';
import type { ProviderVisit } from './misbehaving-provider.js';
import { findWay, type SignInWay } from './sign-in-way.js';
import { SignedInOracle } from './signed-in-oracle.js';
import { undecided, wayUnknown } from './undecided-application.js';
import type { Acquaintance, VisitedApplication, Visiting, VisitingWords } from './visiting.js';

/** What browsers that run no scripts are made with. */
export interface ScriptlessVisitingParts {
  /** It must follow no redirect, give up after ten seconds, and read no more than a page can have. */
  readonly fetch: Fetch;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** Visits by browsers that are none: they find the way to the sign-in, and what tells whether somebody is signed in. */
export class ScriptlessVisiting implements Visiting {
  readonly words: VisitingWords = {
    signOut: '--sign-out <url>',
    signUp: '--sign-up <url>',
    backChannelLogout: '--back-channel-logout <url>',
    returnParameter: '--return-parameter <name>',
    lost: 'run this one alone, with --only, or give the command behind --',
    restart: 'give its command behind -- to have it started again',
  };

  constructor(private readonly parts: ScriptlessVisitingParts) {}

  async getToKnow(application: VisitedApplication): Promise<ScriptlessAcquaintance> {
    const { options, provider, isProvider, user } = application;
    const visit = provider.visit();
    try {
      const startUrl = options.signInUrl ?? options.url;
      const found = await findWay(
        (way) => this.#browser(application, visit, way).approach(),
        ({ end, url }) => end === 'elsewhere' && isProvider(url),
      );
      if (found === null) {
        throw wayUnknown(startUrl, await this.#browser(application, visit, []).approach(), application);
      }
      const { way } = found;
      const authorizationRequest = new URL(found.page.url);
      application.register(authorizationRequest);
      const url = options.signedInUrl ?? options.url;
      const strangers = [
        await this.#browser(application, visit, way).look(url),
        await this.#browser(application, visit, way).look(url),
      ] as const;
      const browser = this.#browser(application, visit, way);
      const afterSignIn = await browser.signIn();
      const signedIn = await browser.look(url);
      const look = {
        way,
        isProvider,
        ...(options.signedInText !== undefined && { signedInText: options.signedInText }),
      };
      const oracle = new SignedInOracle(look, strangers, signedIn, user);
      // What is broken is no page of somebody who is signed in, however it differs.
      const isBroken = signedIn.end !== 'page' || (signedIn.status >= 500 && strangers[0].status < 500);
      if (isBroken || !oracle.isDecided) {
        throw undecided({ stranger: strangers[0], afterSignIn, signedIn }, application);
      }
      const newVisitor = (other: ProviderVisit) => this.#browser(application, other, way, oracle);
      return { way, authorizationRequest, newVisitor };
    } finally {
      visit.close();
    }
  }

  #browser(
    { provider, options, isProvider, isApplication }: VisitedApplication,
    visit: ProviderVisit,
    way: SignInWay,
    oracle: SignedInOracle | null = null,
  ): ApplicationBrowser {
    const visitor = new Visitor({
      fetch: this.parts.fetch,
      signal: this.parts.signal,
      isInBounds: ({ href }) => isProvider(href) || isApplication(href),
      headersFor: ({ href }): Readonly<Record<string, string>> =>
        isProvider(href) ? { 'x-logto-cli-visit': visit.id } : {},
    });
    return new ApplicationBrowser(visitor, {
      startUrl: options.signInUrl ?? options.url,
      signedInUrl: options.signedInUrl ?? options.url,
      signOutUrl: options.signOutUrl,
      way,
      isProvider,
      users: provider.description.users,
      oracle,
    });
  }
}

/** What a browser without scripts learns. */
export interface ScriptlessAcquaintance extends Acquaintance {
  /** What is clicked on the way to the provider. */
  readonly way: SignInWay;
}
