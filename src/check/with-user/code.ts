import { randomValue } from '../../oidc/pkce.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto, warning } from '../run/claused-check.js';
import type { Sender } from '../without-user/client-credentials.js';
import { type CheckWithUser, judgeError, judgeRefusal } from './check-with-user.js';
import { type RequestChange, textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';

/** A way to exchange a code that has to be refused. */
interface Misuse {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  /** What is sent, within a sentence. */
  readonly what: string;
  readonly change?: (subject: TestedUser) => RequestChange;
  readonly sender?: (subject: TestedUser) => Sender;
  readonly due: readonly string[];
  /** What it means that this is accepted; a failure by default. */
  readonly accepted?: CheckResult;
}

const misuses: readonly Misuse[] = [
  {
    id: 'code.wrong-verifier',
    title: 'A wrong code verifier',
    clause: 'RFC 7636, 4.6',
    what: 'a code with a wrong code verifier',
    change: () => ({ code_verifier: randomValue() }),
    due: ['invalid_grant'],
  },
  {
    id: 'code.no-verifier',
    title: 'No code verifier',
    clause: 'RFC 9700, 2.1.1; RFC 7636, 4.6',
    what: 'a code without its code verifier',
    change: () => ({ code_verifier: null }),
    due: ['invalid_grant', 'invalid_request'],
  },
  {
    id: 'code.wrong-redirect-uri',
    title: 'A wrong redirect URI at the exchange',
    clause: 'RFC 6749, 4.1.3',
    what: 'a code with another redirect URI',
    change: ({ options }) => ({ redirect_uri: `${options.redirectUri}/${randomValue()}` }),
    due: ['invalid_grant'],
  },
  {
    id: 'code.no-redirect-uri',
    title: 'No redirect URI at the exchange',
    clause: 'RFC 6749, 4.1.3',
    what: 'a code without its redirect URI',
    change: () => ({ redirect_uri: null }),
    due: ['invalid_grant', 'invalid_request'],
    accepted: knownAtLogto(
      'A code is exchanged without the redirect URI of its request.',
      'Nothing to do: the code verifier, and the one redirect URI, protect the code (OAuth 2.1 drops the parameter).',
      'Logto is known for that where one redirect URI is registered.',
    ),
  },
  {
    id: 'code.client',
    title: 'Whose code it is',
    clause: 'RFC 6749, 4.1.3 and 3.2.1',
    what: 'a code from somebody who is not the application',
    sender: ({ provider }) => (provider.hasSecret ? 'without-secret' : 'stranger'),
    due: ['invalid_client', 'invalid_grant'],
  },
];

/** The exchange of codes. */
export const codeChecks: readonly CheckWithUser[] = [
  {
    id: 'code.exchange',
    title: 'The code is exchanged',
    clause: 'RFC 6749, 4.1.4 and 5.1',
    needs: ['sign-in.code'],
    run: async (subject) => {
      const { tokens, accessToken } = await subject.session();
      if (tokens.status !== 200) return judgeError(tokens, subject, 'code');
      if (accessToken === null) return failed('The token response has no access token.', correctProvider);
      return /^bearer$/i.test(textIn(tokens, 'token_type') ?? '')
        ? passed('for an access token of the type Bearer')
        : failed('The access token is not of the type Bearer (token_type).', correctProvider);
    },
  },
  {
    id: 'code.lifetime',
    title: 'How long the access token lives',
    clause: 'RFC 6749, 5.1',
    needs: ['code.exchange'],
    run: async (subject) => {
      const lifetime = (await subject.session()).tokens.json?.['expires_in'];
      return typeof lifetime === 'number' && lifetime > 0
        ? passed(`${lifetime} s`)
        : warning(
            'The token response does not say for how many seconds the access token lives (expires_in).',
            'Applications only learn that from a refusal: they must refresh and try again then.',
          );
    },
  },
  {
    id: 'code.no-store',
    title: 'Tokens are not cached',
    clause: 'RFC 6749, 5.1',
    needs: ['code.exchange'],
    run: async (subject) => {
      const control = (await subject.session()).tokens.headers.get('cache-control') ?? '';
      return /\bno-store\b/i.test(control)
        ? passed('Cache-Control: no-store')
        : failed(
            'The token response comes without Cache-Control: no-store.',
            'A proxy may keep the tokens: correct the provider, or the proxy that takes the header away.',
          );
    },
  },
  ...misuses.map(({ what, change, sender, due, accepted, ...misuse }) => ({
    ...misuse,
    signIn: 'misused' as const,
    needs: ['code.exchange'],
    run: async (subject: TestedUser) => {
      const authorized = await subject.authorize(await subject.misusedBrowser());
      const answer = await subject.exchange(authorized, change?.(subject), sender?.(subject));
      if (answer.status < 300 && accepted !== undefined) return accepted;
      return judgeRefusal(answer, what, due);
    },
  })),
];
