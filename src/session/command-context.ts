import type { Output } from '../output/output.js';
import type { Variables } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';

/** What a command works with. */
export interface CommandContext {
  readonly runtime: Runtime;
  readonly output: Output;
  /** The environment and, weaker, the file of `--dotenv`. */
  readonly environments: readonly Variables[];
}
