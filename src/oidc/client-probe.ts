import type { ErrorCode } from '../errors.js';
import { randomValue } from './pkce.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, type ClientAnswer, clientCodes, verdictOn } from './probe-request.js';

/** What became of the question whether the client authenticates rightly, and the kind of client where that shows. */
export type ClientProbe = Verdict & { readonly kind?: ClientKind | null };

/** Whether the provider wants a secret from a client. */
export type ClientKind = 'public' | 'confidential';

/** Beside what says that the application is not accepted. */
const provable: readonly ErrorCode[] = [...clientCodes, 'grant_type_not_allowed'];

const kinds: Partial<Readonly<Record<ErrorCode, ClientKind>>> = {
  client_secret_missing: 'confidential',
  client_secret_invalid: 'confidential',
  client_secret_unexpected: 'public',
};

/**
 * Asks whether the client is known, authenticates rightly and may exchange codes: by exchanging a made-up one, which
 * the provider comes to refuse (`invalid_grant`) only after that. Logto does; others are asked again as somebody who
 * must not get that far, to see whether they do.
 *
 * @param control false: one request fewer, and `unknown` for what only that second request proves
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeClient(
  target: ProbeTarget,
  redirectUri: string,
  { control = true }: { readonly control?: boolean } = {},
): Promise<ClientProbe> {
  const answer = await exchangeMadeUpCode(target, redirectUri);
  const { error, refusal } = answer;
  const kind: ClientKind = target.clientSecret ? 'confidential' : 'public';
  if (refusal === null) return unknown(`The token endpoint answered a made-up code with ${answer.status}.`);
  if (error?.error !== 'invalid_grant') {
    // Logto looks at the grant type once the client has authenticated.
    const isAuthenticated = error?.isLogto === true && refusal.code === 'grant_type_not_allowed';
    return { ...verdictOn(refusal, provable), kind: isAuthenticated ? kind : (kinds[refusal.code] ?? null) };
  }
  if (error.isLogto) return { verdict: 'accepted', kind };
  if (control && (await isStrangerRefused(target, redirectUri))) return { verdict: 'accepted', kind };
  return unknown('The token endpoint refuses a made-up code, perhaps without a look at who sends it.');
}

/** Whether somebody who does not authenticate is refused for that: without the secret, or without an application. */
async function isStrangerRefused(target: ProbeTarget, redirectUri: string): Promise<boolean> {
  const { clientSecret, ...rest } = target;
  const stranger = clientSecret ? rest : { ...rest, clientId: randomValue() };
  const { refusal } = await exchangeMadeUpCode(stranger, redirectUri);
  return refusal !== null && clientCodes.includes(refusal.code);
}

function exchangeMadeUpCode(target: ProbeTarget, redirectUri: string): Promise<ClientAnswer> {
  return askAsClient(target, {
    url: target.metadata.token_endpoint,
    endpoint: 'token endpoint',
    kind: 'code',
    parameters: {
      grant_type: 'authorization_code',
      code: randomValue(),
      redirect_uri: redirectUri,
      code_verifier: randomValue(),
    },
    redirectUri,
  });
}
