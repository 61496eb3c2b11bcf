import { LogtoError } from '../../../errors.js';
import { trustedRoots } from '../../../network/trusted-roots.js';
import type { CheckResult } from '../../run/check.js';
import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The files of further certificate authorities can be read. */
export const certificates: DoctorCheck = {
  id: 'machine.certificates',
  title: 'Extra authorities',
  run: async ({ runtime, settings: { caFile } }) => {
    const extra = runtime.environment['NODE_EXTRA_CA_CERTS'];
    // Unusable, it stops every request.
    if (caFile !== undefined) await trustedRoots(caFile, {});
    const ignored = extra === undefined || extra === caFile ? null : await unusable(extra);
    if (ignored !== null) return ignored;
    const files = [...new Set([caFile, extra])].filter((file) => file !== undefined);
    return passed(files.length === 0 ? 'none beside those of Node.js' : files.join(' and '));
  },
};

/** Node.js ignores an unusable file after a word on stderr. */
async function unusable(file: string): Promise<CheckResult | null> {
  try {
    await trustedRoots(file, {});
    return null;
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    return {
      outcome: 'warning',
      code: error.code,
      message: `NODE_EXTRA_CA_CERTS is ignored: ${error.message}`,
      hint: 'Set NODE_EXTRA_CA_CERTS to a readable PEM file, or unset it.',
    };
  }
}
