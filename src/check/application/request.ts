import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { cannotTell } from './cannot-tell.js';
import { wordsOf } from './shown-tokens.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** What a provider that takes no other address or answer needs to see: nobody signs in soundly before. */
export const firstRequestChecks: readonly ApplicationCheck[] = [
  {
    id: 'request.response-type',
    title: 'A code is asked for, each time',
    clause: 'RFC 9700, 2.1.2',
    run: asksForCode,
  },
  {
    id: 'request.redirect-uri',
    title: 'The redirect URI is the same each time',
    clause: 'RFC 9700, 2.1',
    run: keepsRedirectUri,
  },
];

/** What else an authorization request has to say, and what no address may. */
export const requestChecks: readonly ApplicationCheck[] = [
  {
    id: 'request.scope',
    title: 'The scope has openid',
    clause: 'OpenID Connect Core 1.0, 3.1.2.1',
    needs: ['sound.sign-in'],
    run: asksForOpenid,
  },
  {
    id: 'request.binding',
    title: 'Something unguessable binds the answer to its browser',
    clause: 'RFC 9700, 2.1',
    needs: ['sound.sign-in'],
    run: bindsAnswer,
  },
  {
    id: 'request.pkce',
    title: 'PKCE with S256, and a new verifier each time',
    clause: 'RFC 9700, 2.1.1',
    needs: ['sound.sign-in', 'request.binding'],
    run: usesPkce,
  },
  {
    id: 'request.addresses',
    title: 'No token, secret or verifier in an address of the browser',
    clause: 'RFC 9700, 4.3.2',
    needs: ['sound.sign-in'],
    run: keepsAddressesClean,
  },
];

type Parameters = ReadonlyMap<string, string>;

/** The authorization requests of two browsers; `null` where they do not show what they ask for. */
async function twoRequests(application: TestedApplication): Promise<readonly Parameters[] | null> {
  const seen: Parameters[] = [];
  for (let count = 0; count < 2; count += 1) {
    const visit = await application.visit();
    await visit.visitor.signIn({ onCallback: () => null });
    const request = visit.requests.find(({ endpoint }) => endpoint === 'authorization');
    if (request !== undefined) seen.push(new Map(request.parameters));
  }
  const isHidden = seen.some((sent) => sent.has('request') || sent.has('request_uri'));
  return seen.length < 2 || isHidden ? null : seen;
}

const unseen = cannotTell(
  'No two authorization requests were seen, or they do not show what they ask for (request, request_uri).',
);

async function asksForCode(application: TestedApplication): Promise<CheckResult> {
  const requests = await twoRequests(application);
  if (requests === null) return unseen;
  const other = requests.map((sent) => sent.get('response_type')).find((type) => type !== 'code');
  if (requests.every((sent) => sent.get('response_type') === 'code')) {
    return passed('The application asks for a code.');
  }
  return failed(
    `The application asks for ${other === undefined ? 'no response_type' : `response_type=${other}`}, and asked for a code before.`,
    'Ask for response_type=code each time: what comes through the browser is seen by others, and here nothing else is answered.',
  );
}

async function keepsRedirectUri(application: TestedApplication): Promise<CheckResult> {
  const requests = await twoRequests(application);
  if (requests === null) return unseen;
  const first = application.authorizationRequest.searchParams.get('redirect_uri');
  const uris = requests.map((sent) => sent.get('redirect_uri') ?? null);
  const other = uris.find((uri) => uri !== (first ?? uris[0]));
  if (other === undefined) return passed(`The redirect URI is the same each time (${uris[0]}).`);
  return failed(
    `The redirect URI changes: it was ${first ?? uris[0]}, and then ${other ?? 'left out'}.`,
    'Keep to one redirect URI, which is registered: what a sign-in has to remember belongs to its state or its session, and the address of the application into its settings, not into what a request says.',
  );
}

async function asksForOpenid(application: TestedApplication): Promise<CheckResult> {
  const requests = await twoRequests(application);
  if (requests === null) return unseen;
  const without = requests.find((sent) => !(sent.get('scope') ?? '').split(' ').includes('openid'));
  if (without === undefined) return passed('The scope has openid.');
  return failed(
    `The application asks for ${without.has('scope') ? `the scope "${without.get('scope')}"` : 'no scope'}: without openid there is no ID token, and nobody says who has signed in.`,
    'Add openid to the scope: else an access token is all that comes, which says nothing about who has signed in.',
  );
}

/** What may bind an answer to a browser, and what that is called. */
const bindings = [
  ['state', 'state'],
  ['nonce', 'nonce'],
  ['code_challenge', 'PKCE'],
] as const;
/** Signs of which a value can be told by trying. */
const fewestSigns = 8;

async function bindsAnswer(application: TestedApplication): Promise<CheckResult> {
  const [one, other] = (await twoRequests(application)) ?? [];
  if (one === undefined || other === undefined) return unseen;
  const sent = bindings.filter(([parameter]) => one.has(parameter));
  const isConstant = (parameter: string) => one.get(parameter) === other.get(parameter);
  const isShort = (parameter: string) => (one.get(parameter) ?? '').length < fewestSigns;
  const sound = sent.filter(([parameter]) => !isConstant(parameter) && !isShort(parameter));
  if (sound.length > 0) {
    const names = sound.map(([, name]) => name).join(', ');
    return passed(`New with each sign-in, so that the answer can be bound to its browser: ${names}.`);
  }
  const why = sent.map(
    ([parameter, name]) =>
      `${name} is ${isConstant(parameter) ? 'the same each time' : 'so short that it can be guessed'}`,
  );
  return failed(
    `Nothing unguessable binds the answer to the browser that asked: ${why.length === 0 ? 'no state, no nonce and no PKCE is sent' : why.join(', ')}.`,
    'Send a random state, and a code_challenge of a random verifier, new with each sign-in, and keep both in the session of that browser: randomState and randomPKCECodeVerifier in openid-client.',
  );
}

async function usesPkce(application: TestedApplication): Promise<CheckResult> {
  const [one, other] = (await twoRequests(application)) ?? [];
  if (one === undefined || other === undefined) return unseen;
  const challenge = one.get('code_challenge');
  const hint =
    'Make a new verifier for each sign-in and send its S256 challenge, also with a secret: then a code that somebody got hold of is of no use (randomPKCECodeVerifier in openid-client; pkce, usePKCE or code_challenge_method in others).';
  if (challenge === undefined) return warning('The application sends no code_challenge.', hint);
  const method = one.get('code_challenge_method') ?? 'plain';
  if (method !== 'S256') return warning(`The challenge of PKCE is made by ${method}.`, hint);
  return challenge === other.get('code_challenge')
    ? warning('Two sign-ins have the same code_challenge, so that their verifier is the same.', hint)
    : passed('PKCE with S256, and a new verifier each time.');
}

/** What only the application and the provider may know. An ID token may be named as a hint. */
const secretParameters = ['access_token', 'refresh_token', 'client_secret', 'code_verifier'];
/** Fewer signs may be met by chance. A verifier has 43 at least (RFC 7636, 4.1). */
const fewestOfSecret = 16;

async function keepsAddressesClean(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  const page = await visit.visitor.signIn();
  if (!visit.requests.some(({ endpoint }) => endpoint === 'token')) {
    return skipped('The application asked for no tokens, so that there is nothing to be seen.');
  }
  for (const { url } of [...page.trail, page]) {
    const found = secretIn(new URL(url), application, visit);
    if (found === null) continue;
    const { origin, pathname } = new URL(url);
    return failed(
      `The address ${origin}${pathname} holds ${found}: it is kept in histories and logs, and sent along to other pages.`,
      'Keep tokens, secrets and verifiers in the session on the server, and name it by a cookie.',
    );
  }
  return passed('No token, secret or verifier stands in an address of the browser.');
}

/** What an address holds that it must not, known by its name or by its value, whatever its name is. */
function secretIn(
  { search, hash, pathname, href }: URL,
  { isProvider, options }: TestedApplication,
  { requests, provided }: ApplicationVisit,
): string | null {
  const named = [...new URLSearchParams(search), ...new URLSearchParams(hash.slice(1))];
  const secret = secretParameters.find((own) => named.some(([name, value]) => name === own && value !== ''));
  if (secret !== undefined) return secret;
  const sent = (parameter: string) =>
    requests
      .filter(({ endpoint }) => endpoint === 'token')
      .flatMap(({ parameters }) => parameters.filter(([name]) => name === parameter))
      .map(([, value]) => value)
      .filter((value) => value.length >= fewestOfSecret);
  // The provider's own paths name sign-ins that have begun, and are of no use to anybody else.
  const told = isProvider(href) ? search + hash : pathname + search + hash;
  const words = [...named.map(([, value]) => value), ...wordsOf(told)];
  const holds = (value: string) => words.some((word) => word.includes(value));
  if (sent('code_verifier').some(holds)) return 'the code_verifier';
  if ([...sent('client_secret'), ...(options.appSecret ? [options.appSecret] : [])].some(holds)) {
    return 'the secret of the application';
  }
  // A code belongs there, and an ID token may be given as a hint.
  const allowed = [
    ...named.filter(([name]) => name === 'id_token_hint').map(([, value]) => value),
    ...sent('code'),
  ];
  return words.some((word) => !allowed.includes(word) && provided.hasIssued(word))
    ? 'a token of the provider'
    : null;
}
