import type { CheckReport, CheckResult } from '../run/check.js';
import type { Place } from './taking-room.js';

/** How long checks worked, without what they waited for each other. */
export class WorkTime {
  /** Milliseconds, by the check's id. */
  readonly #worked = new Map<string, number>();

  async of(
    { id }: { readonly id: string },
    place: Place,
    work: (place: Place) => Promise<CheckResult>,
  ): Promise<CheckResult> {
    const begun = performance.now();
    let waited = 0;
    const alone: Place['alone'] = async (own) => {
      const asked = performance.now();
      let worked = 0;
      try {
        return await place.alone(async () => {
          const entered = performance.now();
          try {
            return await own();
          } finally {
            worked = performance.now() - entered;
          }
        });
      } finally {
        waited += performance.now() - asked - worked;
      }
    };
    const outside: Place['outside'] = async (own) => {
      const left = performance.now();
      try {
        return await place.outside(own);
      } finally {
        waited += performance.now() - left;
      }
    };
    try {
      return await work({ alone, outside });
    } finally {
      this.#worked.set(id, Math.round(performance.now() - begun - waited));
    }
  }

  /** The report with the time of its work. */
  told(report: CheckReport): CheckReport {
    return { ...report, durationMs: this.#worked.get(report.id) ?? report.durationMs };
  }
}
