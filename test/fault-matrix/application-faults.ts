import { onTestFinished } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import { freePort } from '../support/free-port.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { before, type Fault, works } from './fault.js';
import type { Setup, SetupName } from './sound-setup.js';

function secret(at: SetupName, name: string, value: string | null, id: string, code: ErrorCode): Fault {
  return {
    name: `${name} (${at})`,
    at,
    inject: ({ environment }) => {
      if (value === null) delete environment['LOGTO_APP_SECRET'];
      else environment['LOGTO_APP_SECRET'] = value;
    },
    doctor: { [`application.${id}`]: `failed ${code}` },
    signIn: before(code, 9),
  };
}

function application(at: SetupName, name: string, appId: string, code: ErrorCode): Fault {
  return {
    name: `${name} (${at})`,
    at,
    inject: ({ flags }) => {
      flags['--app-id'] = appId;
    },
    doctor: { 'application.exists': `failed ${code}` },
    signIn: before(code, 9),
  };
}

function redirectUri(at: SetupName, what: string, change: (uri: string) => string): Fault {
  return {
    name: `the redirect URI has ${what} (${at})`,
    at,
    inject: ({ flags, redirectUri: uri, doctorFlags }) => {
      flags['--redirect-uri'] = change(uri);
      // That way back is not what is wrong.
      doctorFlags['--post-logout-redirect-uri'] = new URL('/', uri).href;
    },
    doctor: { 'application.redirect-uri': 'failed redirect_uri_not_registered' },
    signIn: before('redirect_uri_not_registered', 9),
  };
}

/** One that nobody here could answer. */
function unanswerable(what: string, uri: string): Fault {
  return {
    ...redirectUri('Native', what, () => uri),
    doctor: { 'machine.callback-port': 'failed config_invalid' },
    signIn: before('config_invalid', 2),
  };
}

function otherPort(at: SetupName): Fault {
  return {
    name: `the port of the redirect URI is another (${at})`,
    at,
    inject: async ({ flags }) => {
      flags['--port'] = String(await freePort());
    },
    doctor: {
      'application.redirect-uri': 'failed redirect_uri_not_registered',
      // The address that a sign-out comes back to follows that port, and is not registered either.
      'application.post-sign-out-uri': 'warning post_logout_redirect_uri_not_registered',
    },
    signIn: before('redirect_uri_not_registered', 9),
  };
}

function postSignOut(at: SetupName, what: string, change: (setup: Setup) => string): Fault {
  return {
    name: `the post sign-out URI has ${what} (${at})`,
    at,
    inject: (setup) => {
      setup.doctorFlags['--post-logout-redirect-uri'] = change(setup);
    },
    doctor: { 'application.post-sign-out-uri': 'failed post_logout_redirect_uri_not_registered' },
    signIn: works,
  };
}

const otherPath = (uri: string) => uri.replace('/callback', '/elsewhere');
const slash = (uri: string) => `${uri}/`;
const literal = (uri: string) => uri.replace('localhost', '127.0.0.1');

/** Another provider, with this one client. */
async function registeredElsewhere(
  { flags, redirectUri: uri }: Setup,
  client: { readonly scope?: string; readonly grant_types?: string[]; readonly response_types?: [] },
): Promise<void> {
  const provider = await startPlainProvider({
    configuration: {
      clients: [
        {
          client_id: 'narrow',
          token_endpoint_auth_method: 'none',
          application_type: 'native',
          redirect_uris: [uri],
          post_logout_redirect_uris: [new URL('/', uri).href],
          ...client,
        },
      ],
    },
  });
  onTestFinished(() => provider.close());
  flags['--issuer'] = provider.issuer;
  flags['--app-id'] = 'narrow';
}

/** The application is registered otherwise than the settings say. */
export const applicationFaults: readonly Fault[] = [
  application('Native', 'the application is unknown', 'nobody', 'client_unknown'),
  application('Traditional', 'the application is unknown', 'nobody', 'client_unknown'),
  application('plain public', 'the application is unknown', 'nobody', 'client_rejected'),
  application('plain confidential', 'the application is unknown', 'nobody', 'client_rejected'),
  {
    name: 'no application is set',
    at: 'Native',
    inject: ({ flags }) => {
      delete flags['--app-id'];
    },
    doctor: { 'application.exists': 'failed config_missing' },
    signIn: before('config_missing', 2),
  },
  secret('Traditional', 'the secret is wrong', 'not-the-secret', 'secret', 'client_secret_invalid'),
  secret('Traditional', 'the secret is missing', null, 'type', 'client_secret_missing'),
  secret('Native', 'there is a surplus secret', 'not-the-secret', 'type', 'client_secret_unexpected'),
  secret('SPA', 'there is a surplus secret', 'not-the-secret', 'type', 'client_secret_unexpected'),
  secret('plain confidential', 'the secret is wrong', 'not-the-secret', 'secret', 'client_rejected'),
  secret('plain confidential', 'the secret is missing', null, 'secret', 'client_rejected'),
  secret('plain public', 'there is a surplus secret', 'not-the-secret', 'secret', 'client_rejected'),
  redirectUri('Native', 'another path', otherPath),
  redirectUri('Native', 'a slash too many', slash),
  redirectUri('Native', '127.0.0.1 for localhost', literal),
  redirectUri('Traditional', 'another path', otherPath),
  redirectUri('Traditional', 'a query', (uri) => `${uri}?from=here`),
  redirectUri('SPA', '[::1] for localhost', (uri) => uri.replace('localhost', '[::1]')),
  redirectUri('plain public', 'another path', otherPath),
  redirectUri('plain public', '127.0.0.1 for localhost', literal),
  redirectUri('plain confidential', 'a slash too many', slash),
  otherPort('Traditional'),
  otherPort('SPA'),
  unanswerable('another scheme', 'com.example.app:/callback'),
  unanswerable('another host', 'http://app.example.com/callback'),
  postSignOut('Native', 'another path', ({ redirectUri: uri }) => new URL('/bye', uri).href),
  postSignOut('Traditional', 'no port', () => 'http://localhost/'),
  postSignOut('plain public', 'another path', ({ redirectUri: uri }) => new URL('/bye', uri).href),
  {
    name: 'the application is a machine-to-machine one',
    at: 'Traditional',
    inject: ({ flags, environment }) => {
      flags['--app-id'] = 'emulator-m2m';
      environment['LOGTO_APP_SECRET'] = 'emulator-only-m2m-secret';
    },
    // Sound for what it is made for.
    doctor: { 'application.type': 'warning grant_type_not_allowed' },
    signIn: before('grant_type_not_allowed', 9),
  },
  {
    name: 'the application is made for the device flow',
    at: 'Native',
    inject: ({ flags }) => {
      flags['--app-id'] = 'emulator-device';
    },
    doctor: { 'application.type': 'warning grant_type_not_allowed' },
    signIn: before('grant_type_not_allowed', 9),
  },
  {
    name: 'the application may not use the device flow',
    at: 'Native',
    inject: ({ doctorFlags }) => {
      doctorFlags['--device'] = true;
    },
    doctor: { 'application.device-flow': 'failed device_flow_disabled' },
    signIn: works,
  },
  {
    name: 'the resource is unknown',
    at: 'Native',
    inject: ({ flags }) => {
      flags['--resource'] = ['https://api.example.test', 'https://api.example.test/v2'];
    },
    doctor: { 'application.resources': 'failed resource_unknown' },
    signIn: before('resource_unknown', 9),
  },
  {
    name: 'the scope is unknown',
    at: 'Native',
    inject: ({ flags }) => {
      flags['--scope'] = 'emial';
    },
    // Logto leaves it out, and the user is signed in without it.
    doctor: { 'application.scopes': 'warning scope_not_allowed' },
    signIn: works,
  },
  {
    name: 'the scope is not one of the application (plain public)',
    at: 'plain public',
    inject: async (setup) => {
      await registeredElsewhere(setup, { scope: 'openid' });
      setup.flags['--scope'] = 'profile';
    },
    doctor: { 'application.scopes': 'failed scope_not_allowed' },
    signIn: before('scope_not_allowed', 9),
  },
  {
    name: 'the application may not use the code flow (plain public)',
    at: 'plain public',
    inject: (setup) => registeredElsewhere(setup, { grant_types: ['refresh_token'], response_types: [] }),
    doctor: { 'application.type': 'warning grant_type_not_allowed' },
    signIn: before('grant_type_not_allowed', 9),
  },
  {
    name: 'offline access is asked for without a consent',
    at: 'Traditional',
    inject: ({ flags }) => {
      flags['--prompt'] = 'login';
    },
    doctor: { 'application.offline-access': 'warning' },
    signIn: works,
  },
];
