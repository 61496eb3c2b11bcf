import { changes } from './broken.js';
import { djangoOauthToolkit } from './django-oauth-toolkit.js';
import { interopSuite } from './interop-suite.js';

const rejected = { exitCode: 9, code: 'client_rejected' };
const refusedClient = { failed: ['application.exists'], code: 'client_rejected' };
const lists = ['provider.response-issuer', 'provider.revocation', 'provider.end-session'];
const signOut = { exitCode: 0, revocation: 'unsupported', endSession: 'unsupported' } as const;
// It asks who is there before it looks at a request.
const everybodyAlike = ['application.redirect-uri'];

const confidential = {
  userInfo: {},
  doctor: { warning: lists, incomplete: everybodyAlike },
  test: {
    warning: ['discovery.pkce', 'discovery.response-issuer', 'token.no-grant', 'client.challenge'],
    incomplete: ['authorization.request', 'token.password', 'token.duplicate'],
  },
  signOut,
  oldRefreshToken: { exitCode: 0 },
};

interopSuite(djangoOauthToolkit, {
  untrue: /revokes no tokens|does not revoke/,
  applications: {
    publicApp: {
      userInfo: {},
      doctor: { warning: lists, incomplete: everybodyAlike },
      test: {
        warning: ['discovery.pkce', 'discovery.response-issuer', 'token.no-grant'],
        incomplete: ['authorization.request', 'token.password', 'token.duplicate'],
      },
      signOut,
      oldRefreshToken: { exitCode: 0 },
    },
    confidentialApp: confidential,
    symmetric: confidential,
  },
  madeUp: {
    accessToken: { exitCode: 4, code: 'token_rejected' },
    refreshToken: { exitCode: 4, code: 'session_expired' },
  },
  broken: [
    { ...changes.unknownApplication, doctor: refusedClient, signIn: rejected },
    { ...changes.wrongSecret, doctor: refusedClient, signIn: rejected },
    { ...changes.missingSecret, doctor: refusedClient, signIn: rejected },
    { ...changes.surplusSecret, doctor: refusedClient, signIn: rejected },
    {
      ...changes.otherRedirectUri,
      doctor: { incomplete: everybodyAlike },
      signIn: { stoppedAt: /\/o\/authorize\/\?/ },
    },
    {
      ...changes.unknownScope,
      doctor: { incomplete: everybodyAlike },
      signIn: { exitCode: 9, code: 'scope_not_allowed' },
    },
    // Its issuer is whatever host it was asked by.
    { ...changes.otherName, doctor: { incomplete: everybodyAlike }, signIn: { exitCode: 0 } },
    {
      ...changes.otherPath,
      doctor: { failed: ['provider.discovery'], code: 'discovery_invalid' },
      signIn: { exitCode: 6, code: 'discovery_invalid' },
    },
  ],
});
