import type { IncomingMessage } from 'node:http';
import type { EmulatorFaults } from '../faults/emulator-faults.js';
import { Visit } from './visit.js';

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
  ) {}

  /** Whether there is any visit to tell apart. */
  get areOpen(): boolean {
    return this.#open.size > 0;
  }

  /**
   * @throws LogtoError `config_invalid` for what is no fault of a visit
   */
  begin(faults: EmulatorFaults): Visit {
    const visit = new Visit(faults, this.check, ({ id }) => this.#open.delete(id));
    this.#open.set(visit.id, visit);
    return visit;
  }

  /** The open visit of this name. */
  named(id: string): Visit | null {
    return this.#open.get(id) ?? null;
  }

  /**
   * Whose a request is: of the visit that it names, else of the one in which anything that it brings along was given out.
   * `null` when neither can be told. From now on it is known of this request.
   *
   * @param brought codes, tokens and interactions that it refers to
   * @param isOfBrowser a browser that names no visit is in the only one that is open
   */
  attribute(req: IncomingMessage, brought: readonly string[], isOfBrowser: boolean): Visit | null {
    const named = req.headers[visitHeader];
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
}
