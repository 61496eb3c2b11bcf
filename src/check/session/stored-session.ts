import type { Session } from '../../client/session.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The session, for a check that needs `session.stored`. */
export async function storedSession(subject: DoctorSubject): Promise<Session> {
  const session = await subject.session();
  if (session === null) throw new TypeError('this check needs a session');
  return session;
}
