import type { TraceCheck, TraceStep } from './trace.js';

/** A step in one line: what was asked, what came back, and how long that took. */
export function stepLine({ kind, name, request, answer, failure, durationMs }: TraceStep): string {
  const took = durationMs === null ? '' : ` in ${Math.round(durationMs)} ms`;
  const asked = kind === 'exchange' ? `${request?.method ?? ''} ${name}` : name;
  if (failure !== null) return `→ ${asked} ${failure.code}${took}`;
  return kind === 'exchange' ? `→ ${asked} ${answer?.status ?? ''}${took}` : `→ ${asked}`;
}

/** A check in one line. */
export function checkLine({ of, what, passed }: TraceCheck): string {
  return `${passed ? '✓' : '✗'} ${of}: ${what}`;
}
