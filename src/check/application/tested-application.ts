import { LogtoError } from '../../errors.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import type { ApplicationOptions } from './application-options.js';
import type { ApplicationProcess } from './application-process.js';
import type { ApplicationVisitor, SignedIn } from './application-visitor.js';
import type {
  MisbehavingProvider,
  ProviderFaults,
  ProviderRequest,
  ProviderUser,
  ProviderVisit,
} from './misbehaving-provider.js';
import type { Place } from './taking-room.js';
import { endedEarly } from './undecided-application.js';
import type { Acquaintance, VisitedApplication, Visiting, VisitingWords } from './visiting.js';

/** What an application is tested with. */
export interface TestedApplicationParts {
  readonly provider: MisbehavingProvider;
  readonly options: ApplicationOptions;
  readonly process: ApplicationProcess;
  /** Who visits it. */
  readonly visiting: Visiting;
  /** A text of the application without what its environment keeps secret. Default: the text. */
  readonly hide?: (text: string) => string;
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

/** The application that the checks look at: somebody visits it while its provider misbehaves. */
export class TestedApplication implements VisitedApplication {
  readonly provider: MisbehavingProvider;
  readonly options: ApplicationOptions;
  readonly process: ApplicationProcess;
  #acquaintance: Acquaintance | null = null;
  #place: Place | null = null;
  /** Of all that look at it. */
  #shared = { visits: 0, findings: 0, known: new Map<string, Promise<boolean>>() };
  /** Those that have begun and are not over. */
  readonly #visits: ProviderVisit[] = [];

  constructor(private readonly parts: TestedApplicationParts) {
    this.provider = parts.provider;
    this.options = parts.options;
    this.process = parts.process;
  }

  /** A text of the application without what its environment keeps secret. */
  readonly hide = (text: string): string => this.parts.hide?.(text) ?? text;

  /** What hints say of what a person can set. */
  get words(): VisitingWords {
    return this.parts.visiting.words;
  }

  /** The visits that were begun here and are not over. */
  get begun(): readonly ProviderVisit[] {
    return this.#visits;
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

  /** How often it was visited so far. */
  get visits(): number {
    return this.#shared.visits;
  }

  /**
   * Finds out once, for all checks, what several of them have to know. One that ends the application finds nothing, and is
   * not asked again: what it was needed for would end with it each time.
   */
  async knows(fact: string, find: () => Promise<boolean>): Promise<boolean> {
    const { known } = this.#shared;
    // What ended it was something else: this is still to be found out.
    if (!known.has(fact) && (await this.process.isGone())) return false;
    const { deaths } = this.process;
    const finding = known.get(fact) ?? this.#find(find);
    known.set(fact, finding);
    try {
      const isSo = await finding;
      const hasDied = !isSo && ((await this.process.isGone()) || this.process.deaths !== deaths);
      // Somebody else may have ended it.
      if (hasDied && this.#place?.isAlone !== true) known.delete(fact);
      return isSo;
    } catch (error) {
      known.delete(fact);
      throw error;
    }
  }

  /** How often something was found out for all checks. */
  get findings(): number {
    return this.#shared.findings;
  }

  #find(find: () => Promise<boolean>): Promise<boolean> {
    this.#shared.findings += 1;
    return find();
  }

  /** The same application for one check, which has a place among others that look at it. */
  at(place: Place): TestedApplication {
    const own = new TestedApplication(this.parts);
    own.#acquaintance = this.#known();
    own.#place = place;
    own.#shared = this.#shared;
    return own;
  }

  /** A visit of its own, with faults of its own. */
  async visit(faults: ProviderFaults = {}): Promise<ApplicationVisit> {
    const { newVisitor } = this.#known();
    const provided = this.provider.visit(faults);
    this.#shared.visits += 1;
    this.#visits.push(provided);
    const visitor = newVisitor(provided);
    return {
      visitor,
      provided,
      get requests() {
        return provided.requests;
      },
      setFaults: (own) => provided.setFaults(own),
      newVisitor: () => newVisitor(provided),
      isSignedIn: (who = visitor) => who.isSignedIn(),
    };
  }

  /** Ends the visits that were begun here. */
  async leave(): Promise<void> {
    const visits = this.#visits.splice(0);
    for (const visit of visits) visit.close();
    await Promise.all(visits.map((visit) => this.parts.visiting.leave?.(visit)));
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

  /** Waits, while others have the place of this one. */
  async wait(milliseconds: number): Promise<void> {
    const work = () => this.process.wait(milliseconds);
    await (this.#place === null ? work() : this.#place.outside(work));
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
   * Learns by visiting it how one signs in to the application, and what tells whether somebody is.
   *
   * @throws LogtoError `app_undecided`
   */
  async getToKnow(): Promise<void> {
    this.#shared.visits += 1;
    try {
      this.#acquaintance = await this.parts.visiting.getToKnow(this);
    } catch (error) {
      const isUndecided = error instanceof LogtoError && error.code === 'app_undecided';
      if (isUndecided && (await this.process.isGone())) throw endedEarly(this.process.death(), this);
      throw error;
    }
  }

  /** The redirect URI is taken from the request, where it leads back to the application. */
  register(request: URL): void {
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
