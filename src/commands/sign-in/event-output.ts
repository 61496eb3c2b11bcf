import { asError, exitCodeOf } from '../../errors.js';
import type { JourneyEvent } from '../../flow/journey-event.js';
import { errorDocument } from '../../output/error-report.js';
import type { Output } from '../../output/output.js';
import type { TextOutput } from '../../output/text-output.js';

/** An output that tells programs, not people, what is going on. */
export interface EventOutput extends Output {
  event(event: JourneyEvent): void;
}

/** The output of `--json-events`: on stderr one event a line, as JSON, and no words. */
export function eventOutput(output: Output, stderr: TextOutput): EventOutput {
  const event = (told: JourneyEvent) => stderr.writeJson(told);
  return {
    ...output,
    event,
    note: () => {},
    detail: () => {},
    warn: (message) => event({ event: 'warning', message: output.pasteable(message) }),
    code: () => {},
    picture: () => {},
    address: (url) => event({ event: 'authorization_url', url }),
  };
}

/** The event of a failure. */
export function failedEvent(error: unknown, output: Pick<Output, 'hint'>): JourneyEvent {
  const { code, message, hint } = errorDocument(error, output.hint);
  return { event: 'failed', code, message, hint, exitCode: exitCodeOf(asError(error)) };
}
