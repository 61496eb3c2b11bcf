import type { ErrorCode } from '../../errors.js';
import type { ClientAuthentication } from '../authentication-method.js';
import { furtherWays, madeUpClient } from '../client-authentication.js';
import { isNetworkError } from '../http-answer.js';
import { proofOf } from './endpoint-answers.js';
import { madeUpParameters } from './made-up-request.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, type ClientAnswer, clientCodes, mayBeUnread, verdictOn } from './probe-request.js';

/** What became of the question whether the client authenticates rightly, and the kind of client where that shows. */
export type ClientProbe = Verdict & {
  readonly kind?: ClientKind | null;
  /** How it has to authenticate, where that is not how the standard and discovery have it. */
  readonly authentication?: ClientAuthentication;
};

/** Whether the provider wants a secret from a client. */
type ClientKind = 'public' | 'confidential';

/** Beside what says that the application is not accepted. */
const provable: readonly ErrorCode[] = [...clientCodes, 'grant_type_not_allowed'];

/** What a code is refused with: the standard's `invalid_grant`, or a name of the provider's own such as `invalid_code`. */
const codeRefusals = /^(invalid_grant|(invalid|bad)_\w*code)$/;

const kinds: Partial<Readonly<Record<ErrorCode, ClientKind>>> = {
  client_secret_missing: 'confidential',
  client_secret_invalid: 'confidential',
  client_secret_unexpected: 'public',
};

/**
 * Asks whether the client is known, authenticates rightly and may exchange codes: by exchanging a made-up one, which
 * the provider comes to refuse (`invalid_grant`) only after that. Logto does; others are asked again as somebody who
 * must not get that far, to see whether they do. Where the header does not read as the secret is, because it has to be
 * encoded there and the provider does not decode it, each other way to send it is tried once.
 *
 * @param control false: one request fewer, and `unknown` for what only that second request proves
 * @throws LogtoError network codes; the reason of the target's signal; `config_invalid` and `config_missing` where the
 * client cannot authenticate at all
 */
export async function probeClient(
  target: ProbeTarget,
  redirectUri: string,
  { control = true }: { readonly control?: boolean } = {},
): Promise<ClientProbe> {
  const answer = await exchangeMadeUpCode(target, redirectUri);
  const found = () => judge(target, redirectUri, answer, control);
  if (!isUnauthenticated(answer)) return found();
  for (const authentication of furtherWays(target, target.metadata)) {
    const other = { ...target, authentication };
    const further = await exchangeMadeUpCode(other, redirectUri);
    if (further.refusal === null || isUnauthenticated(further)) continue;
    // A provider that does not look at what it gets that way has not taken it.
    if (!(await isStrangerRefused(other, redirectUri))) continue;
    return { ...(await judge(other, redirectUri, further, true)), authentication };
  }
  return found();
}

async function judge(
  target: ProbeTarget,
  redirectUri: string,
  answer: ClientAnswer,
  control: boolean,
): Promise<ClientProbe> {
  const { error, refusal } = answer;
  const { hasSecret, hasKey } = proofOf(target, target.metadata);
  const kind: ClientKind = hasSecret || hasKey ? 'confidential' : 'public';
  if (refusal === null) return unknown(`The token endpoint answered a made-up code with ${answer.status}.`);
  if (error === null || !codeRefusals.test(error.error)) {
    const verdict = verdictOn(refusal, provable, answer);
    // Logto looks at the grant type once the client has authenticated; a proof that is told apart has been looked at.
    const isAuthenticated =
      refusal.code === 'grant_type_not_allowed' &&
      (error?.isLogto === true || (verdict.verdict === 'refused' && kind === 'confidential'));
    return { ...verdict, kind: isAuthenticated ? kind : (kinds[refusal.code] ?? null) };
  }
  if (error.isLogto) return { verdict: 'accepted', kind };
  if (control && (await isStrangerRefused(target, redirectUri))) return { verdict: 'accepted', kind };
  return unknown('The token endpoint refuses a made-up code, perhaps without a look at who sends it.');
}

/** Whether the client may not have been read, as far as that could be helped: Logto reads what it is sent. */
function isUnauthenticated({ error, refusal }: ClientAnswer): boolean {
  return refusal !== null && error?.isLogto !== true && mayBeUnread(refusal);
}

/** Whether somebody who is made up is refused for that, in whatever words: not for the code, nor by a limit on the way. */
async function isStrangerRefused(target: ProbeTarget, redirectUri: string): Promise<boolean> {
  const stranger = { ...target, ...madeUpClient(target, target.metadata) };
  try {
    const { status, error, refusal } = await exchangeMadeUpCode(stranger, redirectUri);
    if (refusal === null) return false;
    if (clientCodes.includes(refusal.code) || status === 401) return true;
    return status < 429 && error !== null && !codeRefusals.test(error.error);
  } catch (error) {
    // The client itself was answered: that its control was not says nothing of it.
    if (isNetworkError(error)) return false;
    throw error;
  }
}

function exchangeMadeUpCode(target: ProbeTarget, redirectUri: string): Promise<ClientAnswer> {
  return askAsClient(target, {
    url: target.metadata.token_endpoint,
    endpoint: 'token endpoint',
    kind: 'code',
    parameters: madeUpParameters('code', redirectUri),
    redirectUri,
  });
}
