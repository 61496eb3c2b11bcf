import { type Session, sessionPlace } from '../../../client/session.js';
import { isSamePlace } from '../../../oidc/issuer-url.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The session, for a check that needs `session.stored`. */
export async function storedSession(subject: DoctorSubject): Promise<Session> {
  const session = await subject.session();
  if (session === null) throw new TypeError('this check needs a session');
  return session;
}

/** Whether the session is one of the provider and the application that are set. */
export async function belongsHere(subject: DoctorSubject): Promise<boolean> {
  const [session, connection] = [await storedSession(subject), await subject.connection()];
  return (
    isSamePlace(sessionPlace(session), connection) && (connection.appId ?? session.appId) === session.appId
  );
}

/** What is said of a session of another application: nothing. */
export const notOurs = 'Not checked: the stored session is one of another application.';
