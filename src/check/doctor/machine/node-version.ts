import type { CheckResult } from '../../run/check.js';
import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Node.js is one that this program is made for. */
export const nodeVersion: DoctorCheck = {
  id: 'machine.node',
  title: 'Node.js',
  run: async () => judgeNodeVersion(process.versions.node),
};

/** @param version `20.19.0` */
export function judgeNodeVersion(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return passed(version);
  return {
    outcome: 'failed',
    message: `Node.js ${version} is too old: this program needs 20.19 or later.`,
    hint: 'Install a current Node.js (https://nodejs.org), or choose one with your version manager: nvm install --lts',
  };
}
