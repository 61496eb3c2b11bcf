import { Visitor } from '../../headless/visitor.js';
import type { Fetch } from '../../network/fetch.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import { ApplicationBrowser } from './application-browser.js';
import type { ApplicationOptions } from './application-options.js';
import type { ApplicationProcess } from './application-process.js';
import type { ApplicationVisitor } from './application-visitor.js';
import type {
  MisbehavingProvider,
  ProviderFaults,
  ProviderRequest,
  ProviderUser,
  ProviderVisit,
} from './misbehaving-provider.js';
import type { SignInWay } from './sign-in-way.js';
import { findWay } from './sign-in-way.js';
import { type SignedIn, SignedInOracle } from './signed-in-oracle.js';
import type { Place } from './taking-room.js';
import { undecided, wayUnknown } from './undecided-application.js';

/** What an application is tested with. */
export interface TestedApplicationParts {
  readonly provider: MisbehavingProvider;
  readonly options: ApplicationOptions;
  readonly process: ApplicationProcess;
  /** It must follow no redirect, give up after ten seconds, and read no more than a page can have. */
  readonly fetch: Fetch;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** One visit: a browser, what the provider was asked, and what it does wrong meanwhile. */
export interface ApplicationVisit {
  readonly visitor: ApplicationVisitor;
  /** What the provider was asked in this visit. */
  readonly requests: readonly ProviderRequest[];
  /** At the provider. */
  readonly provided: ProviderVisit;
  /** What the provider does wrong from now on, in this visit. */
  setFaults(faults: ProviderFaults): void;
  /** Who the application takes a browser for; default: that of the visit. */
  isSignedIn(visitor?: ApplicationVisitor): Promise<SignedIn>;
  /** Another browser in the same visit, with no cookies. */
  newVisitor(): ApplicationVisitor;
}

/** What was learned of an application by visiting it. */
interface Acquaintance {
  readonly way: SignInWay;
  readonly oracle: SignedInOracle;
  /** The first authorization request. */
  readonly authorizationRequest: URL;
}

/** The application that the checks look at: somebody visits it while its provider misbehaves. */
export class TestedApplication {
  readonly provider: MisbehavingProvider;
  readonly options: ApplicationOptions;
  readonly process: ApplicationProcess;
  #acquaintance: Acquaintance | null = null;
  #place: Place | null = null;

  constructor(private readonly parts: TestedApplicationParts) {
    this.provider = parts.provider;
    this.options = parts.options;
    this.process = parts.process;
  }

  /** Who signs in unless somebody else is named. */
  get user(): ProviderUser {
    const [user] = this.provider.description.users;
    if (user === undefined) throw new TypeError('the provider has no users');
    return user;
  }

  /** The name of somebody else who can sign in. */
  get otherUser(): string {
    return this.provider.description.users[1]?.username ?? this.user.username;
  }

  /** What is clicked on the way to the provider. */
  get way(): SignInWay {
    return this.#known().way;
  }

  /** The authorization request that was seen first. */
  get authorizationRequest(): URL {
    return this.#known().authorizationRequest;
  }

  /** Whether an address is one of the provider. */
  readonly isProvider = (address: string): boolean =>
    new URL(address).origin === new URL(this.provider.endpoint).origin;

  /** Whether an address is one of the application; on this machine, by whatever name of it. */
  readonly isApplication = (address: string): boolean => {
    const [own, other] = [new URL(this.options.url), new URL(address)];
    const isHere = isLoopbackHost(own.hostname) && isLoopbackHost(other.hostname);
    return (
      own.origin === other.origin || (isHere && own.protocol === other.protocol && own.port === other.port)
    );
  };

  /** The same application for one check, which has a place among others that look at it. */
  at(place: Place): TestedApplication {
    const own = new TestedApplication(this.parts);
    own.#acquaintance = this.#known();
    own.#place = place;
    return own;
  }

  /** A visit of its own, with faults of its own. */
  async visit(faults: ProviderFaults = {}): Promise<ApplicationVisit> {
    const { way, oracle } = this.#known();
    return this.#visit(this.provider.visit(faults), way, oracle);
  }

  /** Does work alone, with faults of the provider as a whole, which is sound again afterwards. */
  async alone<Result>(faults: ProviderFaults, work: () => Promise<Result>): Promise<Result> {
    const faulty = async () => {
      this.provider.setFaults(faults);
      try {
        return await work();
      } finally {
        this.provider.setFaults({});
      }
    };
    return this.#place === null ? faulty() : this.#place.alone(faulty);
  }

  /**
   * Starts the application anew, and gets to know it again.
   *
   * @returns false where it was not started from here
   * @throws LogtoError `app_not_started`, `app_undecided`
   */
  async restart(): Promise<boolean> {
    if (!(await this.process.restart())) return false;
    await this.getToKnow();
    return true;
  }

  /**
   * Learns by visiting it how one signs in to the application, and what tells whether somebody is: it is looked at as two
   * strangers, and after a sound sign-in.
   *
   * @throws LogtoError `app_undecided`
   */
  async getToKnow(): Promise<void> {
    const { options, provider } = this;
    const visit = provider.visit();
    try {
      const startUrl = options.signInUrl ?? options.url;
      const found = await findWay(
        (way) => this.#browser(visit, way).approach(),
        ({ end, url }) => end === 'elsewhere' && this.isProvider(url),
      );
      if (found === null) throw wayUnknown(startUrl, await this.#browser(visit, []).approach(), this);
      const authorizationRequest = new URL(found.page.url);
      this.#register(authorizationRequest);
      const url = options.signedInUrl ?? options.url;
      const strangers = [
        await this.#browser(visit, found.way).look(url),
        await this.#browser(visit, found.way).look(url),
      ] as const;
      const browser = this.#browser(visit, found.way);
      const afterSignIn = await browser.signIn();
      const signedIn = await browser.look(url);
      const look = {
        way: found.way,
        isProvider: this.isProvider,
        ...(options.signedInText !== undefined && { signedInText: options.signedInText }),
      };
      const oracle = new SignedInOracle(look, [strangers[0], strangers[1]], signedIn, this.user);
      if (!oracle.isDecided) throw undecided({ stranger: strangers[0], afterSignIn, signedIn }, this);
      this.#acquaintance = { way: found.way, oracle, authorizationRequest };
    } finally {
      visit.close();
    }
  }

  #visit(provided: ProviderVisit, way: SignInWay, oracle: SignedInOracle): ApplicationVisit {
    const url = this.options.signedInUrl ?? this.options.url;
    const visitor = this.#browser(provided, way);
    return {
      visitor,
      provided,
      get requests() {
        return provided.requests;
      },
      setFaults: (faults) => provided.setFaults(faults),
      newVisitor: () => this.#browser(provided, way),
      isSignedIn: async (who = visitor) => {
        const look = () => (who instanceof ApplicationBrowser ? who.look(url) : who.open(url));
        return oracle.judge(await look(), look);
      },
    };
  }

  #browser(visit: ProviderVisit, way: SignInWay): ApplicationBrowser {
    const visitor = new Visitor({
      fetch: this.parts.fetch,
      signal: this.parts.signal,
      isInBounds: ({ href }) => this.isProvider(href) || this.isApplication(href),
      headersFor: ({ href }): Readonly<Record<string, string>> =>
        this.isProvider(href) ? { 'x-logto-cli-visit': visit.id } : {},
    });
    return new ApplicationBrowser(visitor, {
      startUrl: this.options.signInUrl ?? this.options.url,
      way,
      isProvider: this.isProvider,
      users: this.provider.description.users,
    });
  }

  /** The redirect URI is taken from the request, where it leads back to the application. */
  #register(request: URL): void {
    const { appId, redirectUri = request.searchParams.get('redirect_uri') ?? '' } = this.options;
    if (!URL.canParse(redirectUri) || !this.isApplication(redirectUri)) {
      if (this.options.redirectUri === undefined) return;
    }
    this.provider.register(appId, { redirectUri });
  }

  #known(): Acquaintance {
    if (this.#acquaintance === null) throw new TypeError('nobody got to know the application');
    return this.#acquaintance;
  }
}
