import { LogtoError } from '../errors.js';
import type { JsonObject } from '../oidc/http-answer.js';
import { type ExperienceAnswer, type ExperienceClient, wordsIn } from './experience-client.js';
import type { ExperienceUser } from './experience-user.js';
import { refusalOf, unsupported } from './refusals.js';
import { decodeBase32, totpCode } from './totp.js';
import type { TotpTurns } from './totp-turns.js';

/** Where each thing that Logto only suggests is skipped. */
const suggestions: Readonly<Record<string, string>> = {
  'user.suggest_mfa': 'mfa-skipped',
  'user.passkey_preferred': 'passkey-skipped',
  'session.mfa.suggest_additional_mfa': 'mfa-suggestion-skipped',
};
const verification = '/api/experience/verification';

/**
 * Walks the Experience API from its begin to its end.
 *
 * @returns where the provider wants the browser to go on
 * @throws LogtoError the codes of refusals; `headless_unsupported`; network codes
 */
export async function proveIdentity(
  client: ExperienceClient,
  user: ExperienceUser,
  turns: TotpTurns,
  signal?: AbortSignal,
): Promise<unknown> {
  // Nobody but Logto knows this address: no credential is sent before it has answered.
  const begun = await client.call('PUT', '/api/experience', {
    interactionEvent: user.signUp ? 'Register' : 'SignIn',
  });
  expectStatus(begun, user, [204]);
  const verified = await verify(client, user);
  const { verificationId } = verified.body;
  if (typeof verificationId !== 'string')
    throw unsupported(`it gave no verification at ${verified.step}`, verified.namedBy);
  const identified = await client.call('POST', '/api/experience/identification', { verificationId });
  expectStatus(identified, user, [201, 204]);
  return submit(client, user, (asked) => giveSecondFactor(client, user, asked, turns, signal));
}

async function verify(client: ExperienceClient, user: ExperienceUser): Promise<ExperienceAnswer> {
  const { identifier, password, oneTimeToken, signUp } = user;
  const [path, content]: [string, JsonObject] =
    oneTimeToken !== undefined
      ? ['one-time-token/verify', { identifier, token: oneTimeToken }]
      : [signUp ? 'new-password-identity' : 'password', { identifier, password }];
  return expectStatus(await client.call('POST', `${verification}/${path}`, content), user, [200]);
}

/** Ends the interaction. What Logto wants before that is given or skipped, each thing once. */
async function submit(
  client: ExperienceClient,
  user: ExperienceUser,
  giveFactor: (asked: ExperienceAnswer) => Promise<void>,
): Promise<unknown> {
  const seen = new Set<string>();
  for (;;) {
    const answer = await client.call('POST', '/api/experience/submit');
    if (answer.status === 200) return answer.body['redirectTo'];
    const { code } = answer;
    if (code === null || seen.has(code)) throw refusalOf(answer, user);
    seen.add(code);
    if (code === 'session.mfa.require_mfa_verification') await giveFactor(answer);
    else await skip(client, user, answer, code);
  }
}

async function skip(
  client: ExperienceClient,
  user: ExperienceUser,
  answer: ExperienceAnswer,
  code: string,
): Promise<void> {
  const { data } = answer.body;
  const isSkippable =
    typeof data === 'object' && data !== null && 'skippable' in data && data.skippable === true;
  const path = code === 'user.missing_mfa' && isSkippable ? 'mfa-skipped' : suggestions[code];
  if (path === undefined) throw refusalOf(answer, user);
  expectStatus(await client.call('POST', `/api/experience/profile/mfa/${path}`), user, [204]);
}

async function giveSecondFactor(
  client: ExperienceClient,
  user: ExperienceUser,
  asked: ExperienceAnswer,
  turns: TotpTurns,
  signal: AbortSignal | undefined,
): Promise<void> {
  const factors = wordsIn(asked, 'availableFactors');
  const secret = user.totpSecret === undefined ? null : decodeBase32(user.totpSecret);
  if (secret !== null && factors.includes('Totp')) {
    await giveTotpCode(client, user, secret, turns, signal);
  } else if (user.backupCode !== undefined && factors.includes('BackupCode')) {
    const content = { code: user.backupCode };
    expectStatus(await client.call('POST', `${verification}/backup-code/verify`, content), user, [200]);
  } else {
    throw refusalOf(asked, user);
  }
}

/** Codes to try: of this step, of the next one, and of one that is waited for. */
const mostCodes = 3;

/** The provider's clock may be in the next step already, or the code of this one was used by another sign-in. */
async function giveTotpCode(
  client: ExperienceClient,
  user: ExperienceUser,
  secret: Uint8Array,
  turns: TotpTurns,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = Buffer.from(secret).toString('base64');
  let last: ExperienceAnswer | null = null;
  for (let count = 0; count < mostCodes; count += 1) {
    const step = await turns.next(name, signal);
    if (step === null) break;
    last = await client.call('POST', `${verification}/totp/verify`, { code: totpCode(secret, step) });
    if (last.code !== 'session.mfa.invalid_totp_code') {
      expectStatus(last, user, [200]);
      return turns.prove(name);
    }
  }
  throw refusedCode(last, user, turns.isProved(name));
}

/** Where the secret has served before it is right, and so is the clock. */
function refusedCode(answer: ExperienceAnswer | null, user: ExperienceUser, isProved: boolean): LogtoError {
  const refusal = answer === null ? null : refusalOf(answer, user);
  if (refusal !== null && !isProved) return refusal;
  return new LogtoError(
    'credentials_rejected',
    refusal?.message ?? 'Every code of the authenticator (TOTP) that there is by now has been used.',
    'A code works once, and others were used meanwhile: let nobody else sign in as this user, or try again in 30 seconds.',
    { factor: 'Totp', ...refusal?.details },
  );
}

function expectStatus(
  answer: ExperienceAnswer,
  user: ExperienceUser,
  statuses: readonly number[],
): ExperienceAnswer {
  if (statuses.includes(answer.status)) return answer;
  throw refusalOf(answer, user);
}
