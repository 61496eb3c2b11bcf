import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { cannotTell } from './cannot-tell.js';
import { type IdTokenRow, idTokenRows } from './id-token-rows.js';
import { judgeRefused } from './judge-refused.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** What an application has to refuse in an ID token. One thing of it is wrong at a time. */
export const idTokenChecks: readonly ApplicationCheck[] = idTokenRows.map((row) => ({
  id: `id-token.${row.name}`,
  title: row.title,
  clause: row.clause,
  needs: ['sound.sign-in'],
  run: (application) => believes(application, row),
}));

/** Signs in with each of the wrong ID tokens, up to the first that is believed. */
async function believes(application: TestedApplication, row: IdTokenRow): Promise<CheckResult> {
  const scope = application.authorizationRequest.searchParams.get('scope');
  if (scope !== null && !scope.split(' ').includes('openid')) {
    return skipped('The application asks for no ID token: its scope has no openid.');
  }
  if (row.name === 'hs256-secret' && application.options.isPublic) {
    return skipped('The application has no secret.');
  }
  let result = passed('Nothing was tried.');
  for (const [fault, what] of row.faults) {
    const visit = await application.visit({ idToken: fault });
    const page = await visit.visitor.signIn();
    if (!visit.requests.some(({ endpoint, status }) => endpoint === 'token' && status === 200)) {
      return cannotTell(
        'The application got no tokens from the token endpoint, so that none of them was wrong.',
      );
    }
    if (row.kind === 'nonce' && !sendsNonce(visit)) {
      return skipped(
        'No nonce is seen in the authorization request: where a code is exchanged, it may be left out.',
      );
    }
    const { hint } = row;
    let isTaken = false;
    const taken = (who: string) => {
      isTaken = true;
      return judgeTaken(application, row, { fault, what, who, visit });
    };
    const own = await judgeRefused(visit, page, { what, hint, taken });
    if (isTaken || own.outcome === 'failed') return own;
    // One that is refused in a wrong way must not hide that the next is believed.
    if (result.outcome === 'passed') result = own;
  }
  return result;
}

function sendsNonce({ requests }: ApplicationVisit): boolean {
  return requests.some(
    ({ endpoint, parameters }) =>
      endpoint === 'authorization' && parameters.some(([name, value]) => name === 'nonce' && value !== ''),
  );
}

interface Taken {
  readonly fault: string;
  readonly what: string;
  readonly who: string;
  readonly visit: ApplicationVisit;
}

/** What it means that a wrong ID token signs in: nothing of its own where the application reads none, or checks no signature. */
async function judgeTaken(
  application: TestedApplication,
  { kind, hint }: IdTokenRow,
  { fault, what, who, visit }: Taken,
): Promise<CheckResult> {
  const message = `After ${what} ${who} is signed in.`;
  if (fault === 'missing') {
    const asksUserInfo = visit.requests.some(({ endpoint }) => endpoint === 'userinfo');
    return failed(asksUserInfo ? `${message} What UserInfo says is enough.` : message, hint);
  }
  if (await isSignedInBy(application, 'missing')) {
    return skipped(
      'The application signs in without any ID token too (id-token.missing), so that it does not depend on what one says.',
    );
  }
  if (kind === 'claim') return failed(message, hint);
  if (kind === 'nonce' || kind === 'issue-time') return warning(message, hint);
  if (fault !== 'bad-signature' && (await isSignedInBy(application, 'bad-signature'))) {
    return skipped('The application checks no signature of an ID token (id-token.bad-signature).');
  }
  return warning(`${message} ${whatProtects(application)}`, hint);
}

/** The specification leaves the signature to an application that fetches the ID token itself, if it does so over TLS. */
function whatProtects({ provider }: TestedApplication): string {
  const rule =
    'An ID token that comes straight from the token endpoint may go by TLS in place of its signature';
  return provider.issuer.startsWith('https:')
    ? `${rule}, as here; whatever else is checked so (a logout token, an ID token through the browser) may not.`
    : `${rule}: here there is none, so be sure that there is one where the application really runs.`;
}

function isSignedInBy(application: TestedApplication, idToken: string): Promise<boolean> {
  return application.knows(`signs in by idToken=${idToken}`, async () => {
    const visit = await application.visit({ idToken });
    await visit.visitor.signIn();
    const who = await visit.isSignedIn();
    return who === 'user' || who === 'somebody';
  });
}
