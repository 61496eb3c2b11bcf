import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration, JWK } from 'oidc-provider';
import { Provider } from 'oidc-provider/lib/provider.js';
import { ExpiringAdapter } from '../../src/emulator/expiring-adapter.js';

export interface PlainProviderOptions {
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** Redirect URIs of both clients. */
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  /** `RS256` by default. */
  readonly idTokenAlgorithm?: 'RS256' | 'ES256';
  /** Whether there is a device flow (RFC 8628), and a public client `plain-device` that has it alone. */
  readonly deviceFlow?: boolean;
  /** Merged into the engine's configuration, one level deep: for whatever a test wants different. */
  readonly configuration?: Configuration;
}

export interface PlainProvider {
  readonly issuer: string;
  readonly clients: {
    readonly public: { readonly clientId: string };
    readonly confidential: { readonly clientId: string; readonly clientSecret: string };
  };
  readonly users: readonly { readonly id: string; readonly username: string; readonly password: string }[];
  /** Every request as it came: method and path, without the query. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * An OpenID Provider that is not shaped like Logto: other paths, no `/oidc`, no Logto parameters, RS256 and ES256 keys,
 * profile claims from UserInfo only, and a consent that somebody has to give. Two plain forms: `identifier` and
 * `password`, then a consent.
 */
export async function startPlainProvider(options: PlainProviderOptions = {}): Promise<PlainProvider> {
  const requests: string[] = [];
  let handle: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) =>
    void res.writeHead(503).end();
  const server = createServer((req, res) => {
    requests.push(`${req.method} ${(req.url ?? '').split('?')[0]}`);
    handle(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = {
    public: { clientId: 'plain-public' },
    confidential: { clientId: 'plain-confidential', clientSecret: 'plain-confidential-test-secret' },
  };
  const users = [
    { id: 'plain-1', username: 'carol', password: 'carol-password' },
    { id: 'plain-2', username: 'dave', password: 'dave-password' },
  ];
  const provider = new Provider(issuer, configure(options, clients, users));
  const engine = provider.callback();
  handle = (req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? '';
    const answer = path.startsWith('/interaction/') ? interact(provider, users, req, res) : engine(req, res);
    answer.catch((error: unknown) => void res.writeHead(500).end(String(error)));
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, clients, users, requests, close };
}

function configure(
  options: PlainProviderOptions,
  clients: PlainProvider['clients'],
  users: PlainProvider['users'],
): Configuration {
  const redirectUris = options.redirectUris ?? ['http://localhost:3000/callback'];
  const shared = {
    redirect_uris: redirectUris,
    post_logout_redirect_uris: options.postLogoutRedirectUris ?? ['http://localhost:3000/'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    // Any port of a loopback redirect URI (RFC 8252), which has to be one with http then.
    application_type: redirectUris.some((uri) => uri.startsWith('https:'))
      ? ('web' as const)
      : ('native' as const),
    id_token_signed_response_alg: options.idTokenAlgorithm ?? 'RS256',
  };
  const { features, ...rest } = options.configuration ?? {};
  return {
    adapter: () => new ExpiringAdapter(),
    clients: [
      { ...shared, client_id: clients.public.clientId, token_endpoint_auth_method: 'none' },
      {
        ...shared,
        client_id: clients.confidential.clientId,
        client_secret: clients.confidential.clientSecret,
      },
      ...(options.deviceFlow ? [deviceClient] : []),
    ],
    jwks: { keys: [signingKey('RS256'), signingKey('ES256')] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      userinfo: '/userinfo',
      jwks: '/keys',
      revocation: '/oauth/revoke',
      end_session: '/logout',
      pushed_authorization_request: '/par',
    },
    claims: { profile: ['name', 'preferred_username'], email: ['email'] },
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      ...(options.deviceFlow && { deviceFlow }),
      resourceIndicators: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          const answer = '<input type="hidden" name="logout" value="yes"><button>Sign out</button></form>';
          ctx.body = `<!doctype html><title>Sign out?</title>${form.replace('</form>', answer)}`;
        },
        postLogoutSuccessSource: async (ctx) => {
          ctx.body = '<!doctype html><title>Signed out</title><p>Signed out.</p>';
        },
      },
      ...features,
    },
    findAccount: async (_ctx, id) => {
      const user = users.find((known) => known.id === id);
      if (!user) return undefined;
      const { username } = user;
      return {
        accountId: id,
        claims: () => ({
          sub: id,
          name: username,
          preferred_username: username,
          email: `${username}@test.test`,
        }),
      };
    },
    interactions: { url: async (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: async (ctx, out) => {
      ctx.type = 'html';
      ctx.body = `<!doctype html><title>Error</title><p>${out.error}: ${out.error_description ?? ''}</p>`;
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      ClientCredentials: 600,
      DeviceCode: 600,
      Grant: 86_400,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    ...rest,
  };
}

/** The pages of the device flow, as plain as the others. */
const deviceFlow: NonNullable<Configuration['features']>['deviceFlow'] = {
  enabled: true,
  userCodeInputSource: async (ctx, form) => {
    ctx.body = `<!doctype html><title>Code</title>${form.replace('</form>', '<button>Continue</button></form>')}`;
  },
  userCodeConfirmSource: async (ctx, form) => {
    const buttons = '<button>Continue</button><button name="abort" value="yes">No</button></form>';
    ctx.body = `<!doctype html><title>Code</title>${form.replace('</form>', buttons)}`;
  },
  successSource: async (ctx) => {
    ctx.body = '<!doctype html><title>Done</title><p>Done.</p>';
  },
};

const deviceClient = {
  client_id: 'plain-device',
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
  application_type: 'native' as const,
  id_token_signed_response_alg: 'RS256' as const,
};

async function interact(
  provider: Provider,
  users: PlainProvider['users'],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { prompt, session, params, grantId } = await provider.interactionDetails(req, res);
  const form = req.method === 'POST' ? await readForm(req) : null;
  if (form?.get('answer') === 'no') {
    const result = { error: 'access_denied', error_description: 'the person said no' };
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  }
  if (prompt.name === 'consent') {
    if (!form) return show(res, `<p>Allow?</p><input type="hidden" name="consent" value="given">`);
    const grant =
      (grantId ? await provider.Grant.find(grantId) : undefined) ??
      new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
  }
  const user = users.find(
    ({ username, password }) => form?.get('identifier') === username && form.get('password') === password,
  );
  if (user) return provider.interactionFinished(req, res, { login: { accountId: user.id } });
  show(res, `<input name="identifier"><input name="password" type="password">`);
}

function show(res: ServerResponse, fields: string): void {
  const buttons =
    '<button name="answer" value="yes">Continue</button><button name="answer" value="no">No</button>';
  res
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><title>Plain provider</title><form method="post">${fields}${buttons}</form>`);
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of req) text += String(chunk);
  return new URLSearchParams(text);
}

function signingKey(algorithm: 'RS256' | 'ES256'): JWK {
  const { privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), alg: algorithm, use: 'sig' } as JWK;
}
