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

interopSuite(glewlwyd, {
  untrue: /does not refresh|do not say who/,
  applications: {
    publicApp: {
      userInfo: { name: 'Alice', email: 'alice@example.test' },
      doctor: { warning: lists, incomplete: ['application.post-sign-out-uri'] },
      test: { failed: ['prompt.none-and-login', 'duplicate.state'], warning: names },
      // Only a client with a secret may revoke; the end of the session ends the refresh token all the same.
      signOut: { exitCode: 7, revocation: 'failed', endSession: 'confirmed' },
      oldRefreshToken: refusedWithoutAWord,
    },
    confidentialApp: {
      userInfo: { name: 'Alice', email: 'alice@example.test' },
      doctor: { warning: lists, incomplete: ['application.post-sign-out-uri'] },
      test: { failed: ['prompt.none-and-login', 'duplicate.state'], warning: names },
      signOut: { exitCode: 0, revocation: 'done', endSession: 'confirmed' },
      oldRefreshToken: refusedWithoutAWord,
    },
  },
  madeUp: {
    accessToken: { exitCode: 4, code: 'token_rejected' },
    refreshToken: refusedWithoutAWord,
  },
  broken: [
    {
      ...changes.unknownApplication,
      doctor: { failed: ['application.exists'], code: 'client_rejected' },
      signIn: rejected,
    },
    {
      ...changes.wrongSecret,
      doctor: { failed: ['application.secret'], code: 'client_rejected' },
      signIn: rejected,
    },
    {
      ...changes.missingSecret,
      doctor: { failed: ['application.secret'], code: 'client_rejected' },
      signIn: rejected,
    },
    {
      ...changes.surplusSecret,
      doctor: { failed: ['application.secret'], code: 'client_rejected' },
      signIn: rejected,
    },
    // A page without a word, as for an unknown application.
    {
      ...changes.otherRedirectUri,
      doctor: { incomplete: ['application.redirect-uri'] },
      signIn: { stoppedAt: /\/api\/oidc\/auth\?/ },
    },
    // It is left out of what is granted.
    { ...changes.unknownScope, doctor: { incomplete: ['application.scopes'] }, signIn: { exitCode: 0 } },
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
