import { flaskAuthlib } from './flask-authlib.js';
import type { LibraryApplication } from './library-application.js';
import { modAuthOpenidc } from './mod-auth-openidc.js';
import { npmApplications } from './npm-applications.js';
import { npmLibraryApplication, sessionSecret } from './npm-library-application.js';

const { express4, express5 } = npmApplications;

const logtoExpress = {
  library: '@logto/express',
  script: 'logto-express.js',
  signOut: '/logto/sign-out',
  environment: { BASE_URL: '{origin}', SESSION_SECRET: sessionSecret },
} as const;

/** The applications that are tested, each on a library of its own; one of them with either Express, which makes a difference. */
export const libraryApplications: readonly LibraryApplication[] = [
  npmLibraryApplication({ ...logtoExpress, installation: express5 }),
  npmLibraryApplication({ ...logtoExpress, installation: express4 }),
  npmLibraryApplication({
    library: 'express-openid-connect',
    installation: express5,
    script: 'express-openid-connect.js',
    signOut: '/logout',
    environment: {
      BASE_URL: '{origin}',
      SESSION_SECRET: sessionSecret,
      ISSUER_BASE_URL: '{issuer}',
      CLIENT_ID: '{app-id}',
      CLIENT_SECRET: '{app-secret}',
    },
  }),
  npmLibraryApplication({
    library: '@auth/express',
    installation: express4,
    script: 'auth-express.js',
    signOut: '/auth/signout',
    environment: {
      PORT: '{port}',
      AUTH_SECRET: sessionSecret,
      AUTH_LOGTO_ISSUER: '{issuer}',
      AUTH_LOGTO_ID: '{app-id}',
      AUTH_LOGTO_SECRET: '{app-secret}',
    },
  }),
  npmLibraryApplication({
    library: 'passport-openidconnect',
    installation: express5,
    script: 'passport-openidconnect.js',
    signOut: '/',
    environment: {
      PORT: '{port}',
      SESSION_SECRET: sessionSecret,
      ISSUER: '{issuer}',
      CLIENT_ID: '{app-id}',
      CLIENT_SECRET: '{app-secret}',
    },
  }),
  modAuthOpenidc,
  flaskAuthlib,
];
