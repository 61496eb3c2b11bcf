import type { TraceStep } from './trace.js';

/** Where moments stand on a time line. */
export interface TimeScale {
  /** Milliseconds since the beginning, as a percentage of the line's length. */
  position(milliseconds: number): number;
  /** Stretches in which nothing was asked, drawn shorter than they were. */
  readonly shortened: readonly { readonly from: number; readonly to: number; readonly durationMs: number }[];
}

/** How much of the time that was spent asking a wait may take up. */
const longestWait = 0.15;

/**
 * A time line on which exchanges of milliseconds can be seen beside a person who took minutes: what happened is drawn
 * to scale, and long waits in between are shortened.
 */
export function timeScale(steps: readonly TraceStep[], durationMs: number): TimeScale {
  const stretches = stretchesOf(steps, durationMs);
  const busy = stretches.filter(({ isBusy }) => isBusy).reduce((sum, { from, to }) => sum + to - from, 0);
  const most = Math.max(busy * longestWait, 1);
  const drawn = stretches.map(({ from, to, isBusy }) => {
    const length = to - from;
    return { from, to, length: isBusy ? length : Math.min(length, most) };
  });
  const total = drawn.reduce((sum, { length }) => sum + length, 0) || 1;
  const position = (moment: number) => {
    const before = drawn.map(({ from, to, length }) => {
      if (moment >= to) return length;
      return moment <= from ? 0 : (length * (moment - from)) / (to - from);
    });
    return (100 * before.reduce((sum, length) => sum + length, 0)) / total;
  };
  const shortened = drawn
    .filter(({ from, to, length }) => length < to - from)
    .map(({ from, to }) => ({ from: position(from), to: position(to), durationMs: to - from }));
  return { position, shortened };
}

/** The whole time, in stretches in which at least one exchange was under way, or none. */
function stretchesOf(steps: readonly TraceStep[], end: number) {
  const exchanges = steps
    .filter(({ kind }) => kind === 'exchange')
    .map((step) => ({ from: step.startMs, to: step.startMs + (step.durationMs ?? end - step.startMs) }))
    .sort((one, other) => one.from - other.from);
  const stretches: { from: number; to: number; isBusy: boolean }[] = [];
  let reached = 0;
  for (const { from, to } of exchanges) {
    if (from > reached) stretches.push({ from: reached, to: from, isBusy: false });
    if (to > reached) stretches.push({ from: Math.max(from, reached), to, isBusy: true });
    reached = Math.max(reached, to);
  }
  if (end > reached) stretches.push({ from: reached, to: end, isBusy: false });
  return stretches;
}
