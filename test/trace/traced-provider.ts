import type { ProviderOptions } from '../../src/oidc/provider-options.js';
import { TraceRecorder } from '../../src/trace/recorder.js';
import { checkLine, stepLine } from '../../src/trace/step-line.js';
import type { Trace, TraceCheck, TraceStep } from '../../src/trace/trace.js';
import { testFetch } from '../oidc/protocol-fixture.js';

/** A recorder, what to hand to a provider so that it is told everything, and what it says with `--verbose`. */
export interface TracedProvider {
  readonly options: Pick<ProviderOptions, 'fetch' | 'observe'>;
  readonly lines: readonly string[];
  finish(): Trace;
}

/** Begins a trace of real requests. */
export async function beginTrace(): Promise<TracedProvider> {
  const lines: string[] = [];
  const recorder = new TraceRecorder({
    now: Date.now,
    elapsed: () => performance.now(),
    onStep: (step) => lines.push(stepLine(step)),
    onCheck: (check) => lines.push(checkLine(check)),
  });
  return {
    options: { fetch: recorder.watch(await testFetch()), observe: recorder.observe },
    lines,
    finish: () => recorder.finish({ program: 'logto-cli 0.0.0', command: 'test', exitCode: 0, error: null }),
  };
}

/** The checks of all steps. */
export function checksOf({ steps }: Pick<Trace, 'steps'>): TraceCheck[] {
  return steps.flatMap(({ checks }) => checks);
}

/** The step of this name. */
export function stepNamed({ steps }: Pick<Trace, 'steps'>, name: string): TraceStep {
  const found = steps.filter((step) => step.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} steps are ${name} among: ${steps.map((step) => step.name).join(', ')}`);
  }
  return found[0];
}
