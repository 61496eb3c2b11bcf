import { createHash, randomBytes } from 'node:crypto';
import { checkVisitFaults, type EmulatorFaults } from '../faults/emulator-faults.js';
import type { ObservedRequest } from './observed-request.js';
import type { VisitGuide } from './visit-guide.js';

/** Where browsers enter visits. */
export const entrancePath = '/visit/';
/** More than any application sends in one sign-in. */
const maximumRequests = 1000;
/** More codes and tokens than one sign-in needs; the oldest are forgotten first. */
const maximumIssued = 1000;

/**
 * Everything that an application does in one visit of one person, told apart from other visits, with faults of its own.
 *
 * An authorization request belongs to the visit whose `entrance` the browser has opened, or whose `id` it names in the
 * header `x-logto-cli-visit`; without either, to the only visit that is open. From there on the code, the tokens and the ID token that it led to say
 * whose a request is.
 */
export interface EmulatorVisit {
  /** Random. What a browser that is shared by several visits sends to the emulator as `x-logto-cli-visit`. */
  readonly id: string;
  /** An address of the emulator: a browser that has opened it is in this visit, by a cookie. */
  readonly entrance: string;
  /** What was asked so far, in the order of arrival; the first 1000 of them. */
  readonly requests: readonly ObservedRequest[];
  /**
   * What the emulator does wrong from now on in this visit alone, over what it does wrong for everybody. Nobody's visit
   * are requests for the discovery document and for the keys: of them only `jwks: 'rotate'` can be asked for here.
   *
   * @throws LogtoError `config_invalid` for what is no fault of a visit; then nothing changes
   */
  setFaults(faults: EmulatorFaults): void;
  /**
   * Who signs in, and where browsers are led, from now on, instead of what was said before: `{}` for the usual way.
   *
   * @example
   * ```ts
   * visit.setGuide({
   *   signInAs: () => 'alice',
   *   onCallback: (callback) => {
   *     callback.searchParams.delete('state');
   *     return callback;
   *   },
   * });
   * await page.goto(visit.entrance);
   * await page.goto('http://localhost:8080/sign-in'); // alice is sent back, without a page and without state
   * ```
   */
  setGuide(guide: VisitGuide): void;
  /** Whether this is a code or a token that was given out in this visit, while it is open. */
  hasIssued(value: string): boolean;
  /** Forgets the visit: what still comes of it belongs to nobody. Its `requests` can still be read. */
  close(): void;
}

/** Who has signed in to what, as the ID token said it. */
export interface SignedIn {
  readonly clientId: string;
  readonly subject: unknown;
  readonly sid: unknown;
  /** By what the ID token was signed. */
  readonly algorithm: unknown;
}

/** An open or closed visit, as the emulator itself sees it. */
export class Visit implements EmulatorVisit {
  readonly id = randomBytes(16).toString('base64url');
  readonly #end = new AbortController();
  readonly #requests: ObservedRequest[] = [];
  readonly #issued = new Set<string>();
  #faults: EmulatorFaults;
  #guide: VisitGuide = {};
  /** The latest sign-in. */
  signedIn: SignedIn | null = null;
  lastLogoutToken: string | null = null;

  constructor(
    faults: EmulatorFaults,
    /** Refuses what this emulator cannot do. */
    private readonly check: (faults: EmulatorFaults) => EmulatorFaults,
    private readonly forget: (visit: Visit) => void,
    private readonly origin: string,
  ) {
    this.#faults = checkVisitFaults(check(faults));
  }

  get entrance(): string {
    return `${this.origin}${entrancePath}${this.id}`;
  }

  get guide(): VisitGuide {
    return this.#guide;
  }

  setGuide(guide: VisitGuide): void {
    this.#guide = guide;
  }

  /** Aborted as soon as the visit is over. */
  get closed(): AbortSignal {
    return this.#end.signal;
  }

  get faults(): EmulatorFaults {
    return this.#faults;
  }

  setFaults(faults: EmulatorFaults): void {
    this.#faults = checkVisitFaults(this.check(faults));
  }

  get requests(): readonly ObservedRequest[] {
    return [...this.#requests];
  }

  record(request: ObservedRequest): void {
    if (this.#requests.length < maximumRequests) this.#requests.push(request);
  }

  /** Remembers what was given out in this visit, as a digest. */
  issued(value: string): void {
    this.#issued.add(digest(value));
    const [oldest] = this.#issued;
    if (this.#issued.size > maximumIssued && oldest !== undefined) this.#issued.delete(oldest);
  }

  /** Whether this was given out in this visit. */
  hasIssued(value: string): boolean {
    return this.#issued.has(digest(value));
  }

  close(): void {
    this.#issued.clear();
    this.#guide = {};
    this.#end.abort();
    this.forget(this);
  }
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
