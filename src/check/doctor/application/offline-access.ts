import { shellWord } from '../../../shell-word.js';
import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** A refresh token that is asked for will come (OpenID Connect Core 1.0, section 11). */
export const offlineAccess: DoctorCheck = {
  id: 'application.offline-access',
  title: 'Offline access',
  needs: ['application.exists'],
  run: async (subject) => {
    if (!(await subject.scopes()).includes('offline_access'))
      return skipped('No refresh token is asked for (offline_access).');
    if (subject.signIn.device) return passed('offline_access; the device flow needs no prompt for it');
    if (await subject.hasNoCodeGrant()) return skipped('The application signs nobody in with a browser.');
    const { endpoint } = await subject.connection();
    const { prompt } = subject.signIn;
    const isConsented = (prompt ?? '').split(' ').includes('consent');
    if (isConsented || (endpoint !== undefined && prompt === undefined)) {
      return passed('offline_access with prompt=consent');
    }
    if (endpoint === undefined) {
      const { prompt_values_supported: prompts } = await subject.metadata();
      const advice =
        prompts === undefined || prompts.includes('consent')
          ? ' Should no refresh token come, sign in with --prompt consent.'
          : '';
      return skipped(`Only a sign-in can tell.${advice}`);
    }
    return {
      outcome: 'warning',
      message:
        'Logto drops offline_access without a word where prompt does not have consent: no refresh token comes.',
      hint: `Leave ${prompt === null ? '--no-prompt' : '--prompt'} out, or use --prompt ${shellWord(prompt === null ? 'consent' : `${prompt} consent`)}.`,
    };
  },
};
