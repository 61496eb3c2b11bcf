import { betterAuth } from './better-auth.js';
import { changes } from './broken.js';
import { interopSuite } from './interop-suite.js';

const rejected = { exitCode: 9, code: 'client_rejected' };
const signOut = { exitCode: 0, revocation: 'done', endSession: 'confirmed' } as const;
// Its token endpoint looks at the code before it looks at the client.
const unknownThere = ['application.type', 'application.post-sign-out-uri'];
const atTheTokenEndpoint = { incomplete: [...unknownThere, 'application.secret'] };

const confidential = {
  userInfo: { name: 'Alice' },
  doctor: atTheTokenEndpoint,
  test: {
    warning: ['discovery.id-token-algorithms', 'pkce.short-challenge', 'userinfo.no-token'],
    incomplete: ['client.authentication'],
  },
  signOut,
  oldRefreshToken: { exitCode: 4, code: 'session_expired' },
};

interopSuite(betterAuth, {
  applications: {
    publicApp: {
      ...confidential,
      doctor: { incomplete: unknownThere },
    },
    confidentialApp: confidential,
    postApp: { ...confidential, args: ['--auth-method', 'client_secret_post'] },
  },
  madeUp: {
    accessToken: { exitCode: 4, code: 'token_rejected' },
    refreshToken: { exitCode: 4, code: 'session_expired' },
  },
  broken: [
    {
      ...changes.unknownApplication,
      doctor: { failed: ['application.exists'], code: 'client_rejected' },
      signIn: rejected,
    },
    {
      ...changes.wrongSecret,
      doctor: atTheTokenEndpoint,
      signIn: { exitCode: 9, code: 'client_secret_invalid' },
    },
    { ...changes.missingSecret, doctor: { incomplete: unknownThere }, signIn: rejected },
    { ...changes.surplusSecret, doctor: atTheTokenEndpoint, signIn: rejected },
    {
      title: 'a secret that is not sent as the application wants it',
      changed: ({ postApp, confidentialApp }) => ({ ...confidentialApp, ...postApp, args: [] }),
      doctor: atTheTokenEndpoint,
      signIn: rejected,
    },
    {
      ...changes.otherRedirectUri,
      doctor: {
        failed: ['application.redirect-uri'],
        incomplete: unknownThere,
        code: 'redirect_uri_not_registered',
      },
      signIn: { exitCode: 9, code: 'redirect_uri_not_registered' },
    },
    {
      ...changes.unknownScope,
      doctor: { failed: ['application.scopes'], incomplete: unknownThere, code: 'scope_not_allowed' },
      signIn: { exitCode: 9, code: 'scope_not_allowed' },
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
