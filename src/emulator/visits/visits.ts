import type { IncomingMessage } from 'node:http';
import type { EmulatorFaults } from '../faults/emulator-faults.js';
import { visitCookie } from '../own-cookies.js';
import { Visit } from './visit.js';
import type { VisitGuide } from './visit-guide.js';

/** What a browser names its visit in. */
const visitHeader = 'x-logto-cli-visit';

/** The open visits of one emulator, and whose each request is. */
export class Visits {
  readonly #open = new Map<string, Visit>();
  readonly #ofRequest = new WeakMap<IncomingMessage, Visit>();

  /**
   * @param ofEverybody what the emulator does wrong at this moment, in whatever visit
   * @param check refuses faults that this emulator does not know, or cannot do
   */
  constructor(
    private readonly ofEverybody: () => EmulatorFaults,
    private readonly check: (faults: EmulatorFaults) => EmulatorFaults,
    /** Of the emulator. */
    private readonly origin: string,
  ) {}

  /** Whether there is any visit to tell apart. */
  get areOpen(): boolean {
    return this.#open.size > 0;
  }

  /**
   * @throws LogtoError `config_invalid` for what is no fault of a visit
   */
  begin(faults: EmulatorFaults): Visit {
    const visit = new Visit(faults, this.check, ({ id }) => this.#open.delete(id), this.origin);
    this.#open.set(visit.id, visit);
    return visit;
  }

  /** The open visit of this name. */
  named(id: string): Visit | null {
    return this.#open.get(id) ?? null;
  }

  /**
   * Whose a request is: of the visit that it names, in a header or a cookie, else of the one in which anything that it brings along was given out.
   * `null` when neither can be told. From now on it is known of this request.
   *
   * @param brought codes, tokens and interactions that it refers to
   * @param isOfBrowser a browser that names no visit is in the only one that is open
   */
  attribute(req: IncomingMessage, brought: readonly string[], isOfBrowser: boolean): Visit | null {
    const named = req.headers[visitHeader] ?? cookieOf(req, visitCookie);
    const visits = [...this.#open.values()];
    const visit =
      typeof named === 'string'
        ? this.#open.get(named)
        : (visits.find((one) => brought.some((value) => one.hasIssued(value))) ??
          (isOfBrowser && visits.length === 1 ? visits[0] : undefined));
    if (visit === undefined) return null;
    this.#ofRequest.set(req, visit);
    return visit;
  }

  /** Whose a request is, as it was attributed. */
  of(req: IncomingMessage): Visit | null {
    return this.#ofRequest.get(req) ?? null;
  }

  /** What is to be done wrong with a request: the faults of its visit over those of everybody. */
  faultsOf(req: IncomingMessage): EmulatorFaults {
    return { ...this.ofEverybody(), ...this.#ofRequest.get(req)?.faults };
  }

  /** What the guide of the visit of a page says, where a browser asks for one. */
  guideOf(req: IncomingMessage): VisitGuide {
    return this.attribute(req, [], true)?.guide ?? {};
  }
}

/** The value of a cookie of a request; `undefined` without it. */
function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([own]) => own === name)?.[1];
}
