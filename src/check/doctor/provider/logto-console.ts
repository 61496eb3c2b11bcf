import { LogtoError } from '../../../errors.js';
import { isRedirect, locationOf, type Subject, send } from '../../../oidc/http-answer.js';
import { shellWord } from '../../../shell-word.js';
import type { CheckResult } from '../../run/check.js';
import type { DoctorSubject } from '../doctor-subject.js';

/**
 * What is wrong at this endpoint, where Logto's Console is: it signs people in to itself, and knows none of the
 * applications that are made in it. A Logto of one's own sends whoever opens `/` there to `/console`; nothing else is
 * believed.
 *
 * @returns the result, naming the Console where it is there; one that is no failure stays as it is
 */
export async function namingConsole(subject: DoctorSubject, result: CheckResult): Promise<CheckResult> {
  const { endpoint } = await subject.connection();
  if (endpoint === undefined || result.outcome !== 'failed' || !(await isConsole(subject, endpoint)))
    return result;
  return {
    ...result,
    message: `${endpoint} is the address of Logto's Console, which knows none of the applications made in it. ${result.message}`,
    hint:
      'Give the address that the Console shows as “Logto endpoint” (Applications > your application): ' +
      likelyEndpoint(endpoint),
  };
}

async function isConsole(subject: DoctorSubject, endpoint: string): Promise<boolean> {
  const about: Subject = { name: endpoint, code: 'discovery_invalid', hint: '', now: subject.runtime.now };
  try {
    const answer = await send(await subject.fetch(), `${endpoint}/`, {}, about);
    const location = isRedirect(answer) ? locationOf(answer, `${endpoint}/`) : null;
    if (location === null || location.origin !== new URL(endpoint).origin) return false;
    return location.pathname === '/console' || location.pathname.startsWith('/console/');
  } catch (error) {
    if (error instanceof LogtoError && error.code !== 'interrupted') return false;
    throw error;
  }
}

/** The flag for where Logto is unless somebody chose other ports. */
function likelyEndpoint(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.port !== '3002') return '--endpoint <Logto endpoint>';
  url.port = '3001';
  return `--endpoint ${shellWord(url.origin)}`;
}
