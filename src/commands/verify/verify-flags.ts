import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { OutputFlags } from '../command.js';

/** The flags of `verify`. */
export interface VerifyFlags extends ConnectionFlags, OutputFlags {
  /** Which token of the session; a list, so that two can be refused. */
  readonly resource?: readonly string[];
  readonly organization?: string;
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
}
