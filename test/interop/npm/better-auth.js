// node better-auth.js <port> <redirect URI>, the secret in APP_SECRET: better-auth with its OAuth provider plugin on
// http://localhost:<port>/api/auth, everything in memory. `GET /applications` tells the ids, which it makes itself.
import { createServer } from 'node:http';
import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';

const [port, redirectUri] = process.argv.slice(2);
const { APP_SECRET, USER_EMAIL, USER_PASSWORD } = process.env;
const accounts = ['user', 'session', 'account', 'verification', 'jwks', 'rateLimit'];
const grants = [
  'Client',
  'RefreshToken',
  'AccessToken',
  'Consent',
  'Resource',
  'ClientResource',
  'ClientAssertion',
];
const tables = [...accounts, ...grants.map((name) => `oauth${name}`)];

const auth = betterAuth({
  baseURL: `http://localhost:${port}`,
  basePath: '/api/auth',
  secret: crypto.randomUUID() + crypto.randomUUID(),
  database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  logger: { level: 'error' },
  disabledPaths: ['/token'],
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: '/sign-in',
      consentPage: '/consent',
      generateClientSecret: () => APP_SECRET,
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
    }),
  ],
});

const { headers } = await auth.api.signUpEmail({
  body: { email: USER_EMAIL, password: USER_PASSWORD, name: 'Alice' },
  returnHeaders: true,
});
const cookie = headers
  .getSetCookie()
  .map((line) => line.split(';')[0])
  .join('; ');

async function register(name, method, more = {}) {
  const { client_id } = await auth.api.adminCreateOAuthClient({
    headers: new Headers({ cookie }),
    body: {
      client_name: name,
      token_endpoint_auth_method: method,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [new URL('/', redirectUri).href],
      scope: 'openid profile email offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'native',
      skip_consent: true,
      enable_end_session: true,
      ...more,
    },
  });
  return client_id;
}

const applications = {
  publicApp: await register('Native', 'none', { type: 'native' }),
  confidentialApp: await register('Web', 'client_secret_basic'),
  postApp: await register('Post', 'client_secret_post'),
};
const handler = toNodeHandler(auth);
createServer((request, response) => {
  const path = request.url.split('?')[0];
  if (path === '/applications') response.end(JSON.stringify(applications));
  else if (path === '/sign-in') response.setHeader('content-type', 'text/html').end('<p>Sign in</p>');
  else handler(request, response);
}).listen(Number(port), '127.0.0.1');
