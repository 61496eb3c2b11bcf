import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { ReportFlags } from '../report/report-checks.js';
import type { GrantFlags, RedirectFlags } from '../request-options.js';
import type { Shard } from './shard.js';

/** The flags of `test`. */
export interface TestFlags extends ConnectionFlags, GrantFlags, RedirectFlags, ReportFlags {
  readonly as?: string;
  readonly allowRemote?: boolean;
  readonly allowOrigin?: readonly string[];
  readonly allowVariable?: readonly string[];
  readonly passwordStdin?: boolean;
  readonly totpSecretStdin?: boolean;
  readonly postLogoutRedirectUri?: string;
  readonly device?: boolean;
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly schema?: boolean;
}
