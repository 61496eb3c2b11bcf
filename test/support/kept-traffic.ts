import type { Fetch } from '../../src/network/fetch.js';

/** Everything secret that a provider gave, whoever got it. */
export interface KeptTraffic {
  readonly fetch: Fetch;
  readonly refreshTokens: Set<string>;
  /** Opaque ones: a JWT ends by itself only. */
  readonly accessTokens: Set<string>;
  /** `Cookie` headers of sessions. */
  readonly sessions: Set<string>;
  /** Everything that must not be told: those, JWTs and authorization codes. */
  readonly secrets: Set<string>;
  /** Requests, as `POST /oidc/token`. */
  readonly requests: string[];
}

/** The same fetch, that remembers what it was given. */
export function keepTraffic(fetch: Fetch): KeptTraffic {
  const kept: KeptTraffic = {
    refreshTokens: new Set(),
    accessTokens: new Set(),
    sessions: new Set(),
    secrets: new Set(),
    requests: [],
    fetch: async (url, init) => {
      const { pathname } = new URL(url);
      kept.requests.push(`${init?.method ?? 'GET'} ${pathname}`);
      const response = await fetch(url, init);
      await keep(kept, pathname, response);
      return response;
    },
  };
  return kept;
}

async function keep(kept: KeptTraffic, path: string, response: Response): Promise<void> {
  const pairs = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const session = pairs.find((pair) => /^_session=./.test(pair));
  const signature = pairs.find((pair) => /^_session\.sig=./.test(pair));
  if (session !== undefined && signature !== undefined) kept.sessions.add(`${session}; ${signature}`);
  const code = /[?&]code=([^&]+)/.exec(response.headers.get('location') ?? '')?.[1];
  if (code !== undefined) kept.secrets.add(code);
  if (!path.endsWith('/token') || !response.ok) return;
  const tokens = (await response.clone().json()) as Readonly<Record<string, unknown>>;
  for (const name of ['refresh_token', 'access_token', 'id_token']) {
    const token = tokens[name];
    if (typeof token !== 'string') continue;
    kept.secrets.add(token);
    if (name === 'refresh_token') kept.refreshTokens.add(token);
    if (name === 'access_token' && !token.includes('.')) kept.accessTokens.add(token);
  }
}
