import { changes } from './broken.js';
import { interopSuite } from './interop-suite.js';
import { oauth2MockServer } from './oauth2-mock-server.js';
import type { Broken } from './truth.js';

const signOut = { exitCode: 0, revocation: 'done', endSession: 'confirmed' } as const;
const lists = ['provider.response-issuer', 'provider.refresh'];
// Whoever asks, and whatever for, is answered alike.
const nothingShows = { incomplete: ['application.exists'] };
const test = {
  failed: [
    'authorization.request',
    'userinfo.no-token',
    'userinfo.made-up-token',
    'introspection.anonymous',
    'revocation.anonymous',
    'end-session.redirect-uri',
  ],
  warning: ['discovery.pkce', 'discovery.response-issuer'],
  incomplete: ['client.authentication'],
};

/** An application that the server is told to treat badly. */
function badly(appId: string, title: string, end: Omit<Broken, 'title' | 'changed' | 'doctor'>): Broken {
  return { title, changed: ({ publicApp }) => ({ ...publicApp, appId }), doctor: nothingShows, ...end };
}

const idTokenInvalid = { signIn: { exitCode: 6, code: 'id_token_invalid' } };

const application = {
  userInfo: {},
  doctor: { warning: lists, ...nothingShows },
  test,
  signOut,
  // It says that it revokes, and does not.
  oldRefreshToken: { exitCode: 0 },
};

interopSuite(oauth2MockServer, {
  untrue: /does not refresh/,
  applications: {
    publicApp: application,
    confidentialApp: application,
  },
  // It takes whatever it is given.
  madeUp: { accessToken: { exitCode: 0 }, refreshToken: { exitCode: 0 } },
  broken: [
    { ...changes.unknownApplication, doctor: nothingShows, signIn: { exitCode: 0 } },
    { ...changes.wrongSecret, doctor: nothingShows, signIn: { exitCode: 0 } },
    { ...changes.otherRedirectUri, doctor: nothingShows, signIn: { exitCode: 0 } },
    {
      ...changes.otherName,
      doctor: { failed: ['provider.discovery'], code: 'issuer_mismatch' },
      signIn: { exitCode: 6, code: 'issuer_mismatch' },
    },
    badly('other-audience', 'an ID token for somebody else', idTokenInvalid),
    badly('other-issuer', 'an ID token of another provider', {
      signIn: { exitCode: 6, code: 'issuer_mismatch' },
    }),
    badly('other-nonce', 'an ID token of another sign-in', idTokenInvalid),
    badly('expired', 'an ID token that has ended', idTokenInvalid),
    badly('unknown-key', 'an ID token that is signed with a key nobody knows', idTokenInvalid),
    badly('code-refused', 'a code that is refused', { signIn: { exitCode: 5, code: 'code_rejected' } }),
    badly('server-error', 'a token endpoint that breaks', {
      signIn: { exitCode: 7, code: 'provider_error' },
    }),
    badly('other-subject', 'UserInfo about somebody else', {
      signIn: { exitCode: 0 },
      whoami: { exitCode: 6, code: 'userinfo_invalid' },
    }),
  ],
});
