import { journeyProgress } from '../../src/commands/report/journey-words.js';
import type { JourneyMoment, JourneyProgress } from '../../src/flow/journey-event.js';

/** What a journey told while it was under way. */
export class RecordedProgress implements JourneyProgress {
  readonly notes: string[] = [];
  readonly details: string[] = [];
  readonly warnings: string[] = [];
  readonly addresses: string[] = [];
  /** The first address, as soon as it is there. */
  readonly firstAddress: Promise<string>;
  #tell: (address: string) => void = () => {};

  constructor() {
    this.firstAddress = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  tell(moment: JourneyMoment): void {
    journeyProgress(this).tell(moment);
  }

  note(line: string): void {
    this.notes.push(line);
  }

  detail(line: string): void {
    this.details.push(line);
  }

  warn(line: string): void {
    this.warnings.push(line);
  }

  address(url: string): void {
    this.addresses.push(url);
    this.#tell(url);
  }

  /** Everything but the addresses. */
  get words(): string {
    return [...this.notes, ...this.details, ...this.warnings].join('\n');
  }
}
