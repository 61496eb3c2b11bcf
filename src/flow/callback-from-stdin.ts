import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';

/**
 * Offers each line of standard input as the response, until one is taken or that is ended. The wait for the browser goes on
 * when the lines have ended.
 *
 * @param offer takes it: `null`, or why it was not taken
 * @returns ends it
 */
export function takeCallbackFromStdin(
  { stdin }: Pick<Runtime, 'stdin'>,
  offer: (line: string) => string | null,
  progress: JourneyProgress,
): () => void {
  const over = new AbortController();
  void (async () => {
    for await (const line of stdin.lines(over.signal)) {
      if (over.signal.aborted) return;
      if (line.trim() === '') continue;
      const problem = offer(line);
      if (problem === null) return;
      progress.tell({ event: 'pasted_unusable', problem, isPiped: true });
    }
    if (!over.signal.aborted) progress.tell({ event: 'stdin_ended' });
  })().catch(() => {
    if (!over.signal.aborted) progress.tell({ event: 'stdin_ended' });
  });
  return () => over.abort();
}
