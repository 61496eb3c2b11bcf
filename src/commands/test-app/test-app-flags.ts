import type { EmulatorIdTokenAlgorithm } from '../../emulator/seed.js';
import type { ReportFlags } from '../report/report-checks.js';

/** The flags of `test-app`. */
export interface TestAppFlags extends ReportFlags {
  /** `NAME=text` each. */
  readonly env?: readonly string[];
  readonly public?: boolean;
  readonly redirectUri?: string;
  readonly signIn?: string;
  readonly signedIn?: string;
  readonly signedInText?: string;
  readonly idTokenAlgorithm: EmulatorIdTokenAlgorithm;
  readonly signOut?: string;
  readonly signUp?: string;
  readonly backChannelLogout?: string;
  readonly returnParameter?: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly caFile?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly jobs: number;
}
