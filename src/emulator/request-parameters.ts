import { Readable } from 'node:stream';
import type { Provider } from 'oidc-provider/lib/provider.js';

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

const maximumBodyBytes = 56 * 1024;

/** Reads the body of a request, a form or a JSON object of the same meaning. Nobody can read it afterwards. */
export async function readParameters(ctx: Context): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req) {
    size += chunk.length;
    ctx.assert(size <= maximumBodyBytes, 413);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (!ctx.is('json')) return new URLSearchParams(text);
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(parseJson(text) ?? {})) {
    for (const value of [values].flat()) query.append(name, String(value));
  }
  return query;
}

/** Lets whoever comes next read this form in the place of what was sent, and read already. */
export function replaceBody({ req }: Context, form: URLSearchParams): void {
  const body = Buffer.from(form.toString());
  req.headers['content-type'] = 'application/x-www-form-urlencoded';
  req.headers['content-length'] = String(body.length);
  const again = Readable.from([body], { objectMode: false });
  const iterator = { value: () => again[Symbol.asyncIterator]() };
  // The engine asks for the first two members, and takes a stream that has ended for the mistake of somebody before it.
  Object.defineProperties(req, {
    readable: { value: true, configurable: true },
    iterator: { ...iterator, configurable: true },
    [Symbol.asyncIterator]: { ...iterator, configurable: true },
  });
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // As an empty request, which the engine refuses for the parameters that it lacks.
    return null;
  }
}
