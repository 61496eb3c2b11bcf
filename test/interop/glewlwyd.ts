import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executable } from '../support/capabilities.js';
import { InteropBrowser } from './interop-browser.js';
import {
  alice,
  type InteropOptions,
  type InteropProvider,
  type RunningProvider,
} from './interop-provider.js';
import { ProviderProcess, providerFolder } from './provider-process.js';

/** The package's database: its tables, and the administrator `admin` with the password `password`. */
const database = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const scopes = ['openid', 'profile', 'offline_access'];

/** Glewlwyd 2.7, from Debian's packages. Its OpenID Connect plugin is the provider. */
export const glewlwyd: InteropProvider = {
  name: 'Glewlwyd',
  missing() {
    const absent = ['glewlwyd', 'sqlite3', 'openssl'].filter((command) => executable(command) === null);
    if (absent.length === 0 && existsSync(database)) return null;
    return 'apt-get install --no-install-recommends glewlwyd glewlwyd-common sqlite3 openssl';
  },
  async start(options) {
    const folder = providerFolder();
    const origin = `http://localhost:${options.port}`;
    const configuration = join(folder.path, 'glewlwyd.conf');
    const tables = join(folder.path, 'glewlwyd.db');
    writeFileSync(configuration, configurationOf(options.port, tables));
    execFileSync('sqlite3', [tables], { input: initialData(), stdio: ['pipe', 'ignore', 'inherit'] });
    const server = await ProviderProcess.start({
      command: 'glewlwyd',
      args: ['--config-file', configuration],
      readyAt: `${origin}/config`,
    });
    const stop = async () => {
      await server.stop();
      folder.remove();
    };
    try {
      return { ...(await fill(origin, options)), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  },
};

/** The package's data; its clients have no place for what is checked when somebody signs out. */
function initialData(): string {
  const place = '"post_logout_redirect_uris":{"multiple":true,"read":true,"write":true},';
  return readFileSync(database, 'utf8').replaceAll('"redirect_uri":{', `${place}"redirect_uri":{`);
}

function configurationOf(port: number, tables: string): string {
  const modules = '/usr/lib/glewlwyd';
  const settings = {
    port,
    bind_address: '127.0.0.1',
    external_url: `http://localhost:${port}`,
    login_url: 'login.html',
    api_prefix: 'api',
    static_files_path: '/usr/share/glewlwyd/webapp/',
    log_mode: 'console',
    log_level: 'WARNING',
    cookie_domain: 'localhost',
    cookie_secure: 0,
    cookie_same_site: 'empty',
    session_expiration: 2_419_200,
    session_key: 'GLEWLWYD2_SESSION_ID',
    admin_session_authentication: 'cookie',
    profile_session_authentication: 'cookie',
    allow_multiple_user_per_session: true,
    login_api_enabled: true,
    admin_scope: 'g_admin',
    profile_scope: 'g_profile',
    user_module_path: `${modules}/user`,
    user_middleware_module_path: `${modules}/user_middleware`,
    client_module_path: `${modules}/client`,
    user_auth_scheme_module_path: `${modules}/scheme`,
    plugin_module_path: `${modules}/plugin`,
    use_secure_connection: false,
    // It wants them named all the same.
    secure_connection_key_file: 'none',
    secure_connection_pem_file: 'none',
    secure_connection_ca_file: 'none',
    hash_algorithm: 'SHA512',
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    `database = { type = "sqlite3" path = ${JSON.stringify(tables)} };`,
    'static_files_mime_types = ( { extension = ".html" mime_type = "text/html" compress = 0 } )',
    '',
  ].join('\n');
}

/** Makes scopes, user, applications and the provider itself, through the administration's API. */
async function fill(
  origin: string,
  { redirectUri, secret }: InteropOptions,
): Promise<Omit<RunningProvider, 'stop'>> {
  const issuer = `${origin}/api/oidc`;
  const administration = new InteropBrowser(new URL(redirectUri).origin);
  const post = (path: string, json: unknown) => call(administration, 'POST', `${origin}/api${path}`, json);
  await post('/auth/', { username: 'admin', password: 'password' });
  for (const name of scopes.filter((scope) => scope !== 'openid')) {
    const plain = { password_required: false, password_max_age: 0, scheme: {} };
    await post('/scope/', { name, display_name: name, ...plain });
  }
  const { username, email, password } = alice;
  await post('/user/', {
    ...{ username, email, password, name: 'Alice' },
    scope: [...scopes, 'g_profile'],
    enabled: true,
  });
  const application = {
    redirect_uri: [redirectUri],
    post_logout_redirect_uris: [new URL('/', redirectUri).href],
    authorization_type: ['code', 'refresh_token', 'delete_token'],
    scope: [],
    enabled: true,
  };
  const publicOne = { confidential: false, token_endpoint_auth_method: ['none'] };
  await post('/client/', { client_id: 'native', name: 'native', ...application, ...publicOne });
  const methods = { token_endpoint_auth_method: ['client_secret_basic'] };
  const confidential = { confidential: true, password: secret, ...methods };
  await post('/client/', { client_id: 'web', name: 'web', ...application, ...confidential });
  await post('/mod/plugin/', {
    ...{ module: 'oidc', name: 'oidc', display_name: 'oidc', enabled: true },
    parameters: { iss: issuer, ...signingKey(), ...pluginParameters },
  });
  return {
    issuer,
    redirectUri,
    publicApp: { id: 'native' },
    confidentialApp: { id: 'web', secret },
    signIn,
    signOut,
  };
}

const pluginParameters = {
  'jwks-show': true,
  'oauth-as-iss-id': true,
  'access-token-duration': 3600,
  'refresh-token-duration': 1_209_600,
  'code-duration': 600,
  'refresh-token-rolling': true,
  'refresh-token-one-use': 'never',
  'allow-non-oidc': true,
  'auth-type-code-enabled': true,
  'auth-type-refresh-enabled': true,
  'auth-type-token-enabled': false,
  'auth-type-id-token-enabled': true,
  'auth-type-none-enabled': false,
  'auth-type-password-enabled': false,
  'auth-type-client-enabled': false,
  'auth-type-device-enabled': false,
  scope: [],
  'allowed-scope': scopes,
  'pkce-allowed': true,
  'pkce-method-plain-allowed': false,
  'pkce-required': true,
  'session-management-allowed': true,
  'session-cookie-name': 'GOIDC',
  'session-cookie-expiration': 2_419_200,
  'introspection-revocation-allowed': true,
  'introspection-revocation-auth-scope': [],
  'introspection-revocation-allow-target-client': true,
  'subject-type': 'public',
  'name-claim': 'on-demand',
  'name-claim-scope': ['profile'],
  'email-claim': 'on-demand',
  'email-claim-scope': ['profile'],
};

/** An RSA key made for this run; `cert` is what Glewlwyd calls a public key. */
function signingKey(): Record<string, string> {
  const openssl = (args: readonly string[], input = '') =>
    execFileSync('openssl', args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] });
  const key = openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']);
  const cert = openssl(['rsa', '-pubout'], key);
  return { 'jwt-type': 'rsa', 'jwt-key-size': '256', key, cert };
}

/** What its login page, a program in the browser, does: the password, the consent, and on. */
async function signIn(authorizationUrl: string, browser: InteropBrowser): Promise<string> {
  const page = new URL((await browser.visit(authorizationUrl)).url);
  const { username, password } = alice;
  if (!page.pathname.endsWith('/login.html')) return page.href;
  const asked = page.searchParams;
  await call(browser, 'POST', `${page.origin}/api/auth/`, { username, password });
  const grant = `${page.origin}/api/auth/grant/${asked.get('client_id')}`;
  await call(browser, 'PUT', grant, { scope: asked.get('scope') });
  return (await browser.visit(`${asked.get('callback_url')}&g_continue`)).url;
}

/** Its page asks whether to end the session, and goes on where that was allowed. */
async function signOut(endSessionUrl: string, browser: InteropBrowser): Promise<string> {
  const page = new URL((await browser.visit(endSessionUrl)).url);
  const [session, next] = ['sid', 'callback_url'].map((name) => page.searchParams.get(name));
  if (!session || !next) return page.href;
  await call(browser, 'DELETE', `${page.origin}/api/oidc/session/${session}`);
  await call(browser, 'DELETE', `${page.origin}/api/auth/`);
  return next;
}

async function call(
  browser: InteropBrowser,
  method: 'POST' | 'PUT' | 'DELETE',
  url: string,
  json: unknown = {},
): Promise<void> {
  const answer = await browser.send(url, { method, json });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}
