import { counted } from '../wording.js';
import type { Trace, TraceStep } from './trace.js';

/** What happened, in one sentence without an end. */
export function summaryOf({ steps, durationMs }: Trace): string {
  const exchanges = steps.filter(({ kind }) => kind === 'exchange').length;
  const checks = steps.flatMap((step) => step.checks);
  const failed = checks.filter(({ passed }) => !passed).length;
  const asked = exchanges === 0 ? 'no exchange' : counted(exchanges, 'exchange');
  const checked = checks.length === 0 ? '' : `, ${counted(checks.length - failed, 'check')} passed`;
  return `${asked} in ${durationText(durationMs)}${checked}${failed === 0 ? '' : `, ${failed} failed`}`;
}

/** Whether a step went wrong. */
export function wentWrong({ failure, answer, checks, isProbe }: TraceStep): boolean {
  const isRefused = (answer?.status ?? 0) >= (isProbe ? 500 : 400);
  return failure !== null || isRefused || checks.some(({ passed }) => !passed);
}

/** Milliseconds for a person. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 2 : 1)} s`;
}
