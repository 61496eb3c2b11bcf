import { LogtoError } from '../../../errors.js';
import { proxyFor } from '../../../network/proxy-for.js';
import { documentUrl, type ProviderPlace } from '../../../oidc/issuer-url.js';
import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Which proxy stands between us and the provider. Whether it lets us through shows in whether the provider is reached. */
export const proxy: DoctorCheck = {
  id: 'machine.proxy',
  title: 'Proxy',
  run: async (subject) => {
    const { environment } = subject.runtime;
    const set = ['HTTPS_PROXY', 'HTTP_PROXY'].filter(
      (name) => environment[name] || environment[name.toLowerCase()],
    );
    const asked = await askedUrl(() => subject.connection());
    if (asked === null) return skipped('Not checked: no provider is set.');
    const found = proxyFor(asked, environment);
    if (found !== null) return passed(`${asked.host} is reached through ${found.host}`);
    return passed(
      set.length === 0 ? 'none is set' : `none for ${asked.host}, though ${set.join(' and ')} is set`,
    );
  },
};

/** `null` where no address is set, or one that is none: another check says so. */
async function askedUrl(connection: () => Promise<ProviderPlace>): Promise<URL | null> {
  try {
    const url = documentUrl(await connection());
    return URL.canParse(url) ? new URL(url) : null;
  } catch (error) {
    if (error instanceof LogtoError) return null;
    throw error;
  }
}
