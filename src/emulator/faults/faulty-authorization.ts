import type { KoaContextWithOIDC } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import type { EmulatorFaults } from './emulator-faults.js';
import { faultDescription } from './faulty-answer.js';

/** What an application must not show as markup. Allowed in both parameters (RFC 6749, appendix A.7 and A.8). */
const script = "<script>alert('logto-cli')</script>";
const image = "<img src=x onerror=alert('logto-cli')>";

/** The error that a fault sends back to the application; `null` when it is another fault. */
export function authorizationError(
  fault: string | undefined,
): { readonly error: string; readonly description: string } | null {
  const [kind, error = ''] = fault?.split(':') ?? [];
  if (kind === 'error') return { error, description: faultDescription };
  return kind === 'markup'
    ? { error: `${error}${script}`, description: `${image} ${faultDescription}` }
    : null;
}

/** Refuses an authorization request with the error of a fault, when that is what is wrong. */
export function refuseAuthorization(
  { path }: KoaContextWithOIDC,
  fault: EmulatorFaults['authorization'],
): void {
  const refusal = path === '/auth' ? authorizationError(fault) : null;
  if (refusal !== null) throw new CustomOIDCProviderError(refusal.error, refusal.description);
}
