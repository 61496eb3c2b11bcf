import { describe } from 'vitest';
import { refresh, userInfo } from '../support/attacked-client.js';
import type { Answer, Lies, RecordedRequest } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import { type HostileCase, itIsRefused } from './refusals.js';

/** What a provider knows of a sign-in, and has no reason to say again. */
const knownOf = (lying: LyingProvider): Readonly<Record<string, string>> => {
  const asked = lying.requestsTo('authorize').at(-1)?.url.searchParams;
  const sent = lying.requestsTo('token').at(-1);
  const credentials = (sent?.headers.authorization ?? '').replace('Basic ', '');
  return {
    state: asked?.get('state') ?? '',
    nonce: asked?.get('nonce') ?? '',
    code: sent?.form.get('code') ?? '',
    verifier: sent?.form.get('code_verifier') ?? '',
    refreshToken: sent?.form.get('refresh_token') ?? '',
    credentials,
    secret: decodeURIComponent(Buffer.from(credentials, 'base64').toString().split(':')[1] ?? ''),
  };
};

const everythingOf = (lying: LyingProvider): string => JSON.stringify(knownOf(lying));
const sentIn = ({ form, headers }: RecordedRequest) => `${form} ${headers.authorization}`;

const redirectNaming = (what: string) => (lying: LyingProvider) => (): Answer => ({
  status: 302,
  headers: { Location: `http://${knownOf(lying)[what]}.evil.test/` },
});

/** Each with a secret, which the provider sees, too. */
const options = { hasSecret: true };

describe('what was sent is told nobody, where a provider repeats it in', () => {
  const oauthError = (request: RecordedRequest, lying: LyingProvider): Answer => ({
    status: 400,
    body: { error: 'invalid_grant', error_description: `${sentIn(request)} ${everythingOf(lying)}` },
  });
  const claiming = (claim: string): ((lying: LyingProvider) => Lies) => {
    return (lying) => ({
      idToken: (_, claims) => ({ claims: { ...claims, [claim]: everythingOf(lying).slice(0, 199) } }),
    });
  };
  const cases: readonly HostileCase[] = [
    {
      what: 'the description of an error',
      lies: (lying) => ({ answers: { token: (request) => oauthError(request, lying) } }),
      refused: { code: 'code_rejected' },
    },
    {
      what: 'the name of an error',
      lies: (lying) => ({
        answers: { token: () => ({ status: 400, body: { error: everythingOf(lying) } }) },
      }),
      refused: { code: 'token_request_rejected' },
    },
    {
      what: 'the description of an error at the callback',
      lies: (lying) => ({
        authorizationResponse: (parameters) => {
          parameters.set('error', 'access_denied');
          parameters.set('error_description', everythingOf(lying));
        },
      }),
      refused: { code: 'access_denied' },
    },
    ...['state', 'nonce', 'code'].map(
      (what): HostileCase => ({
        what: `the issuer at the callback (the ${what})`,
        lies: (lying) => ({
          authorizationResponse: (parameters) =>
            parameters.set('iss', what === 'code' ? `${parameters.get('code')}` : `${knownOf(lying)[what]}`),
        }),
        refused: { code: 'issuer_mismatch' },
      }),
    ),
    ...['state', 'nonce', 'code', 'verifier', 'secret', 'credentials'].flatMap((what): HostileCase[] => [
      {
        what: `the issuer of the ID token (the ${what})`,
        lies: (lying) => ({
          idToken: (_, claims) => ({ claims: { ...claims, iss: `https://${knownOf(lying)[what]}` } }),
        }),
        refused: { code: 'issuer_mismatch' },
      },
      {
        what: `the algorithm of the ID token (the ${what})`,
        lies: (lying) => ({ idToken: () => ({ header: { alg: knownOf(lying)[what]?.slice(0, 40) } }) }),
        refused: { code: 'id_token_invalid', reason: 'algorithm' },
      },
    ]),
    ...['sub', 'aud', 'nonce'].map(
      (claim): HostileCase => ({
        what: `the ${claim} of the ID token`,
        lies: (lying) => ({
          idToken: (_, claims) => ({
            claims: { ...claims, [claim]: `${everythingOf(lying)}${'x'.repeat(300)}` },
          }),
        }),
        refused: { code: 'id_token_invalid', reason: claim },
      }),
    ),
    {
      what: 'the claims of the ID token',
      lies: claiming('iss'),
      refused: { code: 'issuer_mismatch' },
    },
    ...['code', 'verifier', 'secret'].map(
      (what): HostileCase => ({
        what: `the host of a redirect (the ${what})`,
        lies: (lying) => ({ answers: { token: redirectNaming(what)(lying) } }),
        refused: { code: 'provider_error' },
      }),
    ),
    {
      what: 'the error of a refresh',
      lies: (lying) => ({ answers: { token: (request) => oauthError(request, lying) } }),
      deed: refresh,
      refused: { code: 'session_expired' },
    },
    {
      what: 'the host of a redirect at a refresh',
      lies: (lying) => ({ answers: { token: redirectNaming('refreshToken')(lying) } }),
      deed: refresh,
      refused: { code: 'provider_error' },
    },
    {
      what: 'the host of a redirect of UserInfo',
      lies: {
        answers: {
          userinfo: ({ headers }) => ({
            status: 302,
            headers: { Location: `http://${headers.authorization?.replace('Bearer ', '')}.evil.test/` },
          }),
        },
      },
      deed: userInfo,
      refused: { code: 'provider_error' },
    },
  ];
  itIsRefused(cases.map((hostile) => ({ ...hostile, options })));
});
