import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { ApplicationCookie } from './application-visitor.js';
import { callbackStays } from './callback-address.js';
import { statusOf } from './judge-refused.js';
import { holdsReadableJwt, showsTokens } from './shown-tokens.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** What an application has to see to once somebody is signed in. */
export const sessionChecks: readonly ApplicationCheck[] = [
  {
    id: 'session.cookie',
    title: 'The attributes of the cookie that carries the session',
    clause: 'RFC 6265bis, 4.1.2',
    needs: ['sound.sign-in'],
    run: guardsCookie,
  },
  {
    id: 'session.fixation',
    title: 'A cookie from before the sign-in, in another browser',
    clause: 'RFC 6265, 8.4',
    needs: ['sound.sign-in'],
    run: staysFixed,
  },
  {
    id: 'session.token',
    title: 'Tokens where scripts can read them',
    clause: 'RFC 6750, 5.3',
    needs: ['sound.sign-in'],
    run: showsTokens,
  },
  {
    id: 'session.jwt',
    title: 'What a cookie says of the user',
    clause: 'RFC 7519, 12',
    needs: ['sound.sign-in'],
    run: holdsReadableJwt,
  },
  {
    id: 'session.callback-address',
    title: 'The address of the callback, in the page after it',
    clause: 'RFC 9700, 4.2.4',
    needs: ['sound.sign-in'],
    run: callbackStays,
  },
];

/** An attribute that the cookies of a session need: whoever has those without it alone has the session. */
interface Attribute {
  readonly name: string;
  readonly isMissing: (cookie: ApplicationCookie) => boolean;
  /** Within a sentence, of the cookies that lack it. */
  readonly consequence: string;
}

const sameSiteName = 'SameSite=Lax';

const attributes: readonly Attribute[] = [
  {
    name: 'HttpOnly',
    isMissing: ({ httpOnly }) => !httpOnly,
    consequence: 'any script of its pages can read the session',
  },
  {
    name: sameSiteName,
    isMissing: ({ sameSite }) => sameSite !== undefined && !/^(lax|strict)$/i.test(sameSite ?? ''),
    consequence:
      'forms and pictures of other sites bring the session along, where the browser does not assume Lax by itself',
  },
];

const secure: Attribute = {
  name: 'Secure',
  isMissing: (cookie) => !cookie.secure,
  consequence: 'one link to the http: address of the application sends the session in clear',
};

const copyIsNobody = skipped(
  'A browser with a copy of every cookie is not signed in: the session is bound to more than cookies, so that they do not tell.',
);

async function guardsCookie(application: TestedApplication): Promise<CheckResult> {
  const isHttps = new URL(application.options.url).protocol === 'https:';
  const needed = isHttps ? [...attributes, secure] : attributes;
  const visit = await application.visit();
  await visit.visitor.signIn();
  const cookies = await visit.visitor.cookies();
  const flaws: string[] = [];
  const missing: string[] = [];
  for (const { name, isMissing, consequence } of needed) {
    const carriers = await carriersOf(visit, cookies.filter(isMissing));
    if (carriers.length === 0) continue;
    missing.push(name);
    flaws.push(`Without ${name} (${carriers.join(', ')}) ${consequence}.`);
  }
  if (missing.length > 0) {
    return warning(
      flaws.join(' '),
      `Set the cookie of the session with ${missing.join('; ')}. Where SameSite=None is needed, since the application is shown in frames of other sites, protect each of its forms with a token.`,
    );
  }
  if ((await visit.isSignedIn(await visit.visitor.withCookies(cookies))) !== 'user') return copyIsNobody;
  const isTold = cookies.every(({ sameSite }) => sameSite !== undefined);
  const names = needed.flatMap(({ name }) => (isTold || name !== sameSiteName ? [name] : [])).join(', ');
  return passed(
    isHttps
      ? `The cookies that carry the session have ${names}.`
      : `The cookies that carry the session have ${names}; ${isTold ? 'Secure can be told under https only' : 'of SameSite the browser does not tell, and of Secure under https only'}.`,
  );
}

/** Those of these cookies without which they would not sign in; empty where they do not. */
async function carriersOf(
  visit: ApplicationVisit,
  cookies: readonly ApplicationCookie[],
): Promise<readonly string[]> {
  const isSession = async (some: readonly ApplicationCookie[]) =>
    some.length > 0 && (await visit.isSignedIn(await visit.visitor.withCookies(some))) === 'user';
  if (!(await isSession(cookies))) return [];
  const carriers: string[] = [];
  for (const cookie of cookies) {
    if (!(await isSession(cookies.filter((other) => other !== cookie)))) carriers.push(cookie.name);
  }
  // Each of several may be enough.
  return carriers.length > 0 ? carriers : cookies.map(({ name }) => name);
}

/** Somebody gives a browser the cookies of a sign-in that they have begun, and waits until it is signed in. */
async function staysFixed(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  await visit.visitor.signIn({ user: application.otherUser, onCallback: () => null });
  const planted = await visit.visitor.cookies();
  if (planted.length === 0) return passed('No cookie is set before the sign-in is over.');
  const attacker = () => visit.visitor.withCookies(planted);
  if ((await visit.isSignedIn(await attacker())) !== 'nobody') {
    return skipped('A browser that has begun a sign-in looks signed in already, so that this does not tell.');
  }
  const victim = await attacker();
  const page = await victim.signIn();
  if ((await visit.isSignedIn(victim)) !== 'user') {
    return skipped(
      `With the cookies of a sign-in that was begun before, ${application.user.username} is not signed in (${statusOf(page)}), so that this does not tell.`,
    );
  }
  const who = await visit.isSignedIn(await attacker());
  if (who === 'user' || who === 'somebody') {
    return failed(
      `The cookies from before the sign-in are signed in after it, in another browser too: whoever plants theirs there (${namesOf(planted)}) has the session of whoever signs in.`,
      'Give the session a new ID when somebody signs in, and forget the old one: req.session.regenerate() of express-session, session.cycle_key() of Django, session_regenerate_id(true) of PHP.',
    );
  }
  if (who === 'stuck') {
    return skipped(
      'Another browser with the cookies from before the sign-in is answered with errors after it, so that this does not tell.',
    );
  }
  return passed('The cookies from before the sign-in sign in nobody after it.');
}

function namesOf(cookies: readonly ApplicationCookie[]): string {
  return cookies.map(({ name }) => name).join(', ');
}
