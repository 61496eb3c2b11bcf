import { LogtoError } from '../../errors.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { ApplicationOptions } from './application-options.js';
import { cannotTell } from './cannot-tell.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';
import type { VisitingWords } from './visiting.js';

const specification = 'OpenID Connect Back-Channel Logout 1.0';

/** What can be wrong with a logout token that has to be refused. */
interface LogoutTokenRow {
  /** The last part of the check's id. */
  readonly name: string;
  readonly title: string;
  readonly clause: string;
  /** What the provider does, by name, and what the application is then given, within a sentence. */
  readonly faults: readonly (readonly [fault: string, what: string])[];
  readonly hint: string;
}

const rows: readonly LogoutTokenRow[] = [
  {
    name: 'signature',
    title: 'A logout token with a wrong signature, or with none',
    clause: `${specification}, 2.6 (2)`,
    faults: [
      ['bad-signature', 'a logout token with a wrong signature'],
      ['alg-none', 'an unsigned logout token with alg=none'],
    ],
    hint: 'Check the signature with the keys that the provider publishes, and say which algorithms are taken: nothing else protects this address, since anybody can send something to it. jwtVerify with createRemoteJWKSet in jose, PyJWKClient with decode in PyJWT.',
  },
  {
    name: 'issuer',
    title: 'A logout token of another issuer',
    clause: `${specification}, 2.6 (4)`,
    faults: [['bad-issuer', 'a logout token of another issuer']],
    hint: 'Compare iss with the issuer, as for an ID token.',
  },
  {
    name: 'audience',
    title: 'A logout token for another application',
    clause: `${specification}, 2.6 (4)`,
    faults: [['bad-audience', 'a logout token for another application']],
    hint: 'Look for the ID of the application in aud, as for an ID token: else whoever runs another application at this provider sends theirs on, and ends the sessions here.',
  },
  {
    name: 'expired',
    title: 'A logout token that is over',
    clause: `${specification}, 2.6 (4)`,
    faults: [['expired', 'a logout token of an hour ago, which is over']],
    hint: 'Compare exp with the clock, give or take a minute or two.',
  },
  {
    name: 'no-subject',
    title: 'A logout token about nobody and no session',
    clause: `${specification}, 2.6 (5)`,
    faults: [['no-subject', 'a logout token without sub and sid']],
    hint: 'Refuse a logout token that names neither a user (sub) nor a session (sid): what is missing must not match every session.',
  },
  {
    name: 'no-event',
    title: 'A logout token that does not say that it is one',
    clause: `${specification}, 2.6 (6)`,
    faults: [['no-events', 'a logout token without events']],
    hint: 'Look for http://schemas.openid.net/event/backchannel-logout in events: else any other JWT of the provider, such as an ID token, ends sessions.',
  },
  {
    name: 'nonce',
    title: 'A logout token with a nonce',
    clause: `${specification}, 2.6 (7)`,
    faults: [['with-nonce', 'a logout token with a nonce']],
    hint: 'Refuse a logout token that has a nonce: so no ID token is taken for one.',
  },
];

function missing(
  { backChannelLogoutUrl }: ApplicationOptions,
  { backChannelLogout }: VisitingWords,
): string | null {
  return backChannelLogoutUrl === undefined
    ? `Where the application takes logout tokens is not known: name it with ${backChannelLogout}.`
    : null;
}

type Ask = (application: TestedApplication) => Promise<CheckResult>;

/** Alone: one that ends more sessions than it was told would fail the checks beside this one, too. */
function check(own: Pick<ApplicationCheck, 'id' | 'title' | 'clause' | 'needs'>, ask: Ask): ApplicationCheck {
  const run: ApplicationCheck['run'] = async (application) => {
    const scope = application.authorizationRequest.searchParams.get('scope');
    if (scope !== null && !scope.split(' ').includes('openid')) {
      return skipped(
        'The application asks for no ID token, as its scope has no openid: it cannot know which session a logout token names.',
      );
    }
    return application.alone({}, () => ask(application));
  };
  return { ...own, missing, run };
}

// One that ends no session at all believes nothing.
const needs = ['back-channel.session'];

/** What an application has to do with the logout tokens that its provider sends. */
export const backChannelChecks: readonly ApplicationCheck[] = [
  check(
    {
      id: 'back-channel.session',
      title: 'The session after a logout token',
      clause: `${specification}, 2.7`,
      needs: ['sound.sign-in'],
    },
    endsSession,
  ),
  ...rows.map((row) =>
    check({ id: `back-channel.${row.name}`, title: row.title, clause: row.clause, needs }, (application) =>
      believes(application, row),
    ),
  ),
  check(
    {
      id: 'back-channel.again',
      title: 'A logout token that is sent twice',
      clause: `${specification}, 2.6 (8)`,
      needs,
    },
    takesAgain,
  ),
  check(
    {
      id: 'back-channel.refusal',
      title: 'The answer to a logout token that is refused',
      clause: `${specification}, 2.8`,
      needs,
    },
    saysRefusal,
  ),
];

/** How the application answered a logout token: an HTTP status, or what became of the request. */
async function send(
  { provider, options }: TestedApplication,
  { provided }: ApplicationVisit,
  fault?: string,
): Promise<number | 'hang' | 'cut'> {
  try {
    const { status } = await provider.sendLogoutToken(provided, options.backChannelLogoutUrl ?? '', fault);
    return status;
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    if (error.code === 'request_timeout') return 'hang';
    if (error.code === 'network_unreachable' || error.code === 'provider_error') return 'cut';
    throw error;
  }
}

/** A visit in which somebody is signed in; `null` where that is not so. */
async function signedIn(application: TestedApplication, user?: string): Promise<ApplicationVisit | null> {
  const visit = await application.visit();
  await visit.visitor.signIn(user === undefined ? {} : { user });
  const who = await visit.isSignedIn();
  return who === 'user' || who === 'somebody' ? visit : null;
}

const nobodySignedIn = cannotTell('Nobody was signed in before the logout token was sent.');

async function endsSession(application: TestedApplication): Promise<CheckResult> {
  const visit = await signedIn(application);
  const other = await signedIn(application, application.otherUser);
  if (visit === null || other === null) return nobodySignedIn;
  const status = await send(application, visit);
  const who = await visit.isSignedIn();
  if (status === 'hang' || status === 'cut') {
    return failed(
      status === 'hang'
        ? 'A sound logout token is not answered in time.'
        : 'A sound logout token is answered with a broken connection.',
      'Catch what the handling of a logout token throws, and answer 200 where it was sound, 400 where it was not.',
    );
  }
  if (who !== 'nobody' && (status === 404 || status === 405)) {
    return cannotTell(
      `Nothing takes logout tokens at the address of --back-channel-logout: a sound one is answered ${status}. Whether one ends a session where they are taken cannot be told.`,
      'Name the address that takes them, whole or below the start, with --back-channel-logout <url>: it is called with POST.',
    );
  }
  if (who !== 'nobody') {
    return failed(
      who === 'stuck'
        ? `After a sound logout token (status ${status}) that browser is answered with errors.`
        : `After a sound logout token (status ${status}) the session that it names is still signed in.`,
      'Keep with each session the sid and sub of its ID token, and end on the server those that a logout token names; one that lives in a cookie alone can only be ended by a list of those that are over. The token comes as a form: logout_token in the body of a POST, without cookies and without a CSRF token.',
    );
  }
  if ((await other.isSignedIn()) === 'nobody') {
    return failed(
      `After a logout token of ${application.user.username} the session of ${application.otherUser} is over, too.`,
      'End those sessions alone that the logout token names by sid, or by sub where it has no sid.',
    );
  }
  return status === 200 || status === 204
    ? passed(`A sound logout token ends the session that it names, and no other (status ${status}).`)
    : warning(
        `A sound logout token ends the session, and is answered ${status}: the provider takes that for a failure.`,
        'Answer 200 where the session is over, also where there was none.',
      );
}

/** Sends each of the wrong logout tokens, up to the first that is believed. */
async function believes(
  application: TestedApplication,
  { faults, hint }: LogoutTokenRow,
): Promise<CheckResult> {
  let said = '';
  for (const [fault, what] of faults) {
    const visit = await signedIn(application);
    if (visit === null) return nobodySignedIn;
    const status = await send(application, visit, fault);
    if (status === 'hang')
      return failed(`At ${what} the application does not answer in time.`, `Answer it with 400. ${hint}`);
    const who = await visit.isSignedIn();
    if (who === 'nobody')
      return failed(`After ${what} the session of the user is over (status ${status}).`, hint);
    if (who === 'stuck') {
      return failed(
        `After ${what} the browser of the user is answered with errors (status ${status}).`,
        hint,
      );
    }
    said = `After ${what} the session goes on (${status === 'cut' ? 'the connection was cut' : `status ${status}`}).`;
  }
  return passed(said);
}

/** The user signs in anew, in another browser and so at another session of the provider. */
async function takesAgain(application: TestedApplication): Promise<CheckResult> {
  const visit = await signedIn(application);
  if (visit === null) return nobodySignedIn;
  await send(application, visit);
  const next = visit.newVisitor();
  await next.signIn();
  const before = await next.isSignedIn();
  if (before !== 'user' && before !== 'somebody') return nobodySignedIn;
  const status = await send(application, visit, 'replayed');
  return (await next.isSignedIn()) === 'nobody'
    ? warning(
        `A logout token that was sent before ends the next session of that user, too (status ${status}): whoever finds one signs them out, for as long as it is good.`,
        'Where a logout token has sid, end that session alone; and remember its jti until its exp, and refuse it then.',
      )
    : passed(
        `A logout token that was sent before does not end the next session of that user (status ${status}).`,
      );
}

async function saysRefusal(application: TestedApplication): Promise<CheckResult> {
  const visit = await signedIn(application);
  if (visit === null) return nobodySignedIn;
  const status = await send(application, visit, 'bad-signature');
  if ((await visit.isSignedIn()) === 'nobody') {
    return skipped('A logout token with a wrong signature is taken (back-channel.signature), not refused.');
  }
  if (status === 400) return passed('A logout token that is refused is answered 400.');
  return warning(
    `A logout token with a wrong signature is answered ${typeof status === 'number' ? status : 'with a broken connection'}, not 400${
      typeof status === 'number' && status < 400 ? ': the provider takes the session for ended' : ''
    }.`,
    'Answer 400 to a logout token that is refused, with a JSON body that has error, and Cache-Control: no-store.',
  );
}
