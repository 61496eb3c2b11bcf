import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { FileStorage, KeychainStorage } from '../../dist/index.js';
import { program, run } from './processes.js';

/**
 * Forces one refresh, of a session whose provider's documents are cached.
 *
 * @returns {Promise<{ requests: string[], milliseconds: number }>} every request that reached the provider
 */
export async function refresh(node, { env, storage }) {
  const heard = listenToProvider();
  const { milliseconds } = await run(node, [program, 'token', '--refresh', '--profile', storage], env);
  return { requests: heard.end(), milliseconds };
}

/**
 * Starts `size` processes at once that all want the access token after it has expired.
 *
 * @returns {Promise<{ milliseconds: number, apart: number, refreshes: number, tokens: number }>} until the last one has
 * ended; milliseconds between the first that ended and the last; requests for a refresh; different tokens handed out
 */
export async function crowd(node, size, { env, storage }) {
  await expireAccessTokens(env, storage);
  const heard = listenToProvider();
  const start = performance.now();
  const ends = [];
  const one = async () => {
    const ended = await run(node, [program, 'token', '--profile', storage], env);
    ends.push(performance.now() - start);
    return ended;
  };
  const ended = await Promise.all(Array.from({ length: size }, one));
  return {
    milliseconds: ends.at(-1),
    apart: ends.at(-1) - ends[0],
    refreshes: heard.end().filter((request) => request === 'POST /oidc/token').length,
    tokens: new Set(ended.map(({ stdout }) => stdout)).size,
  };
}

/** The provider runs in this process: whatever it is asked is heard here. */
function listenToProvider() {
  const requests = [];
  const hear = ({ request }) => requests.push(`${request.method} ${request.url.split('?')[0]}`);
  subscribe('http.server.request.start', hear);
  return {
    end() {
      unsubscribe('http.server.request.start', hear);
      return requests;
    },
  };
}

async function expireAccessTokens({ LOGTO_CLI_HOME: home }, kind) {
  const storage =
    kind === 'file'
      ? new FileStorage({ directory: join(home, 'sessions', kind) })
      : new KeychainStorage({ service: 'logto-cli', account: kind });
  const tokenSet = JSON.parse(await storage.get('tokenSet'));
  const accessTokens = tokenSet.accessTokens.map((token) => ({ ...token, expiresAt: Date.now() - 1000 }));
  await storage.set('tokenSet', JSON.stringify({ ...tokenSet, accessTokens }));
}
