import type { StrangerReport } from './callback-listener.js';

/** How many requests of one reason are told about one by one; then only the 10th, 100th, 1000th and so on. */
const toldInFull = 3;

/** Passes reports on so that a flood of requests stays a few lines. */
export function strangerReporter(
  onStranger: ((report: StrangerReport) => void) | undefined,
): (report: StrangerReport) => void {
  const counts = new Map<StrangerReport['reason'], number>();
  return ({ reason, message }) => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    if (count <= toldInFull) onStranger?.({ reason, message });
    else if (/^10+$/.test(String(count)))
      onStranger?.({ reason, message: `${message} (${count} like it so far)` });
  };
}
