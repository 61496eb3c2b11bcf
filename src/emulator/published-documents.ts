import { createHash } from 'node:crypto';
import type { Provider } from 'oidc-provider/lib/provider.js';

type Middleware = Parameters<Provider['use']>[0];

const keySet = '/jwks';
const discovery: ReadonlySet<string> = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
]);

/** In the order in which Logto writes the members of a key. */
const keyMembers = ['kty', 'use', 'kid', 'alg', 'crv', 'x', 'y'] as const;

/** Less is not worth compressing. */
const leastCompressedBytes = 1024;

/**
 * Answers with what is published (discovery and keys) as Logto does: with an entity tag, 304 to who has that already (RFC
 * 9110, sections 8.8.3 and 13.1.2), and compressed where that is asked for.
 */
export const publishedAsLogto: Middleware = async (ctx, next) => {
  const isKeySet = ctx.path === keySet;
  if (ctx.method !== 'GET' || (!isKeySet && !discovery.has(ctx.path))) return next();
  ctx.vary('Accept-Encoding');
  await next();
  const body: unknown = ctx.body;
  if (ctx.status !== 200 || typeof body !== 'object' || body === null) return;
  if (isKeySet) ctx.set('Cache-Control', 'no-cache, max-age=0, must-revalidate');
  const { type } = ctx;
  const text = JSON.stringify(isKeySet ? inOrder(body) : body);
  ctx.set('ETag', entityTag(text));
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const isCompressed =
    Buffer.byteLength(text) >= leastCompressedBytes && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (isCompressed) ctx.set('Content-Encoding', 'gzip');
  // Loaded by the first who takes it compressed.
  ctx.body = isCompressed ? process.getBuiltinModule('node:zlib').gzipSync(text) : text;
  ctx.type = type;
};

/** A strong one, from length and content. */
function entityTag(text: string): string {
  const digest = createHash('sha1').update(text).digest('base64').replace(/=+$/, '');
  return `"${Buffer.byteLength(text).toString(16)}-${digest}"`;
}

/** The same keys, the members that Logto writes first and in its order. */
function inOrder(body: object): object {
  if (!('keys' in body) || !Array.isArray(body.keys)) return body;
  const keys = body.keys.map((key: Readonly<Record<string, unknown>>) => {
    const first = keyMembers.filter((name) => name in key).map((name) => [name, key[name]]);
    return { ...Object.fromEntries(first), ...key };
  });
  return { ...body, keys };
}
