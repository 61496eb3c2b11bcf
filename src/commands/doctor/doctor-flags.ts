import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { ReportFlags } from '../report/report-checks.js';
import type { RedirectFlags, RequestFlags } from '../request-options.js';

/** The flags of `doctor`: those of the sign-in that is to be checked, and what to tell of it. */
export interface DoctorFlags extends ConnectionFlags, RequestFlags, RedirectFlags, ReportFlags {
  readonly device?: boolean;
  readonly postLogoutRedirectUri?: string;
  readonly fixHints?: 'console';
}
