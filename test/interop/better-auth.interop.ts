import { betterAuth } from './better-auth.js';
import { changes } from './broken.js';
import { interopSuite } from './interop-suite.js';

const rejected = { exitCode: 9, code: 'client_rejected' };
const signOut = { exitCode: 0, revocation: 'done', endSession: 'confirmed' } as const;
// Its token endpoint looks at the code before it looks at the client.
const atTheTokenEndpoint = { incomplete: ['application.type', 'application.secret'] };
const errorPage = /\/api\/auth\/error\?error=/;

const confidential = {
  userInfo: { name: 'Alice' },
  doctor: { incomplete: ['application.type', 'application.secret', 'application.post-sign-out-uri'] },
  test: {
    warning: ['discovery.id-token-algorithms', 'userinfo.no-token'],
    incomplete: ['client.authentication'],
  },
  signOut,
  oldRefreshToken: { exitCode: 4, code: 'session_expired' },
};

interopSuite(betterAuth, {
  applications: {
    publicApp: {
      ...confidential,
      doctor: { incomplete: ['application.type', 'application.post-sign-out-uri'] },
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
      doctor: { incomplete: ['application.exists'] },
      signIn: { stoppedAt: errorPage },
    },
    { ...changes.wrongSecret, doctor: atTheTokenEndpoint, signIn: rejected },
    { ...changes.missingSecret, doctor: atTheTokenEndpoint, signIn: rejected },
    { ...changes.surplusSecret, doctor: atTheTokenEndpoint, signIn: rejected },
    {
      title: 'a secret that is not sent as the application wants it',
      changed: ({ postApp, confidentialApp }) => ({ ...confidentialApp, ...postApp, args: [] }),
      doctor: atTheTokenEndpoint,
      signIn: rejected,
    },
    {
      ...changes.otherRedirectUri,
      doctor: { incomplete: ['application.redirect-uri'] },
      signIn: { stoppedAt: errorPage },
    },
    {
      ...changes.unknownScope,
      doctor: { failed: ['application.scopes'], code: 'scope_not_allowed' },
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
