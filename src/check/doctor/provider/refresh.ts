import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { metadataList } from './metadata-lists.js';

/** The provider refreshes sessions. */
export const refresh: DoctorCheck = {
  id: 'provider.refresh',
  title: 'Refresh',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const grants = metadataList(await subject.metadata(), 'grant_types_supported');
    if (grants === null) return skipped('The discovery document does not list grant types.');
    if (grants.includes('refresh_token')) return passed('refresh_token');
    const { appId } = await subject.connection();
    const found = appId === null ? null : await subject.refresh();
    if (found?.verdict === 'accepted')
      return passed('works, though the discovery document does not list refresh_token');
    const refused = found?.verdict === 'refused' ? ', and the token endpoint refuses it' : '';
    return {
      outcome: 'warning',
      message: `The discovery document does not list refresh_token${refused}: a session may end with its access token.`,
      hint: 'Allow the grant type refresh_token at the provider, or sign in again whenever a token has ended.',
    };
  },
};
