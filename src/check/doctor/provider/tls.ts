import { LogtoError } from '../../../errors.js';
import { isVerificationSwitchedOff, verificationVariable } from '../../../network/tls-verification.js';
import { documentUrl } from '../../../oidc/issuer-url.js';
import type { CheckResult } from '../../run/check.js';
import { passed, resultOf, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** What is true of this program, and of no other one in the same environment. */
const switchedOff: CheckResult = {
  outcome: 'failed',
  code: 'config_invalid',
  message:
    `${verificationVariable}=0 lets every Node.js program here take any certificate, forged ones too. ` +
    'This one verifies them all the same, and has accepted the one of this provider.',
  hint: `Unset it: unset ${verificationVariable}. Give the certificate of a private authority with NODE_EXTRA_CA_CERTS=<pem>, or --ca-file <pem> here.`,
};

function withVariable(result: CheckResult, isSwitchedOff: boolean): CheckResult {
  if (!isSwitchedOff) return result;
  return {
    ...result,
    message: `${result.message} ${verificationVariable}=0 changes nothing about that here.`,
  };
}

/** The provider's certificate is one that this machine trusts. */
export const tls: DoctorCheck = {
  id: 'provider.tls',
  title: 'TLS',
  needs: ['provider.reachable'],
  run: async (subject) => {
    if (documentUrl(await subject.connection()).startsWith('http:'))
      return skipped('Not used: the provider is on this machine.');
    const isSwitchedOff = isVerificationSwitchedOff(subject.runtime.environment);
    try {
      await subject.metadata();
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      if (error.code === 'tls_untrusted') return withVariable(resultOf(error), isSwitchedOff);
    }
    return isSwitchedOff ? switchedOff : passed('the certificate is trusted');
  },
};
