import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { OutputFlags } from '../command.js';
import type { GrantFlags, RedirectFlags } from '../request-options.js';

/** Where a report goes, beside the streams. */
export type Reporter = { readonly kind: 'junit'; readonly file: string } | { readonly kind: 'github' };

/** The flags of `test`. */
export interface TestFlags extends ConnectionFlags, GrantFlags, RedirectFlags, OutputFlags {
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
  readonly schema?: boolean;
  readonly reporter?: readonly Reporter[];
}
