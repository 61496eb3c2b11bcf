import { changes } from './broken.js';
import { glewlwyd } from './glewlwyd.js';
import { interopSuite } from './interop-suite.js';

const rejected = { exitCode: 9, code: 'client_rejected' };
// It says nothing but 400.
const refusedWithoutAWord = { exitCode: 6, code: 'token_response_invalid' };
const lists = ['provider.response-issuer', 'provider.refresh'];
const names = [
  'discovery.response-issuer',
  'keys.algorithms',
  'prompt.unknown',
  'client.unknown',
  'token.code',
  'token.refresh-token',
  'token.device-code',
  'token.password',
  'token.unknown-grant',
  'token.no-grant',
  'token.duplicate',
  'userinfo.no-token',
  'userinfo.made-up-token',
  'cors.authorization-endpoint',
];

const unauthorized = {
  incomplete: ['application.type', 'application.secret', 'application.post-sign-out-uri'],
};
const authorizationEndpoint = /\/api\/oidc\/auth\?/;

interopSuite(glewlwyd, {
  untrue: /does not refresh|do not say who/,
  applications: {
    publicApp: {
      userInfo: { name: 'Alice', email: 'alice@example.test' },
      doctor: {
        warning: [...lists, 'provider.revocation'],
        incomplete: ['application.post-sign-out-uri'],
      },
      test: { failed: ['prompt.none-and-login', 'duplicate.state'], warning: names },
      // Only a client with a secret may revoke; the end of the session ends the refresh token all the same.
      signOut: { exitCode: 7, revocation: 'failed', endSession: 'confirmed' },
      oldRefreshToken: refusedWithoutAWord,
    },
    confidentialApp: {
      userInfo: { name: 'Alice', email: 'alice@example.test' },
      doctor: { warning: lists, incomplete: ['application.post-sign-out-uri'] },
      test: {
        failed: ['prompt.none-and-login', 'duplicate.state'],
        warning: [...names, 'client.wrong-secret', 'client.no-secret', 'client.challenge'],
      },
      signOut: { exitCode: 0, revocation: 'done', endSession: 'confirmed' },
      oldRefreshToken: refusedWithoutAWord,
    },
  },
  // It does not decode the header, which doctor says.
  oddSecret: {
    warning: [...lists, 'application.secret'],
    incomplete: ['application.post-sign-out-uri'],
  },
  madeUp: {
    accessToken: { exitCode: 4, code: 'token_rejected' },
    refreshToken: refusedWithoutAWord,
  },
  broken: [
    // A page without a word, as for an address that is not registered, and the words that everybody hears.
    {
      ...changes.unknownApplication,
      doctor: { incomplete: ['application.exists'] },
      signIn: { stoppedAt: authorizationEndpoint },
    },
    { ...changes.wrongSecret, doctor: unauthorized, signIn: rejected },
    {
      ...changes.missingSecret,
      doctor: { incomplete: ['application.type', 'application.post-sign-out-uri'] },
      signIn: rejected,
    },
    { ...changes.surplusSecret, doctor: unauthorized, signIn: rejected },
    {
      ...changes.otherRedirectUri,
      doctor: { incomplete: ['application.exists'] },
      signIn: { stoppedAt: authorizationEndpoint },
    },
    // It is left out of what is granted; the warning that it is not listed is all that can be said before.
    {
      ...changes.unknownScope,
      doctor: { incomplete: ['application.post-sign-out-uri'] },
      signIn: { exitCode: 0 },
    },
    {
      ...changes.otherName,
      doctor: { failed: ['provider.discovery'], code: 'issuer_mismatch' },
      signIn: { exitCode: 6, code: 'issuer_mismatch' },
    },
    {
      ...changes.otherPath,
      doctor: { failed: ['provider.discovery'], code: 'discovery_invalid' },
      signIn: { exitCode: 6, code: 'discovery_invalid' },
    },
  ],
});
