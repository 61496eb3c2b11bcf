import type { Provider } from 'oidc-provider/lib/provider.js';
import type { ResponseFault } from './fault-names.js';
import { anotherIssuer } from './wrong-claims.js';

/** The engine's way to send a browser back to an application with the parameters of a response. */
export type Respond = Parameters<Provider['registerResponseMode']>[1];
type Context = Parameters<Respond>[0];

/** Sends a browser back with a response that is wrong; a parameter that is not in it is not put into it. */
export async function respondWrongly(
  respond: Respond,
  [ctx, redirectUri, payload]: Parameters<Respond>,
  fault: ResponseFault,
): Promise<void> {
  const [kind, name = ''] = fault.split('-');
  const { [name]: value, ...rest } = payload;
  if (typeof value !== 'string' || kind === 'repeated') {
    await respond(ctx, redirectUri, payload);
    if (typeof value === 'string') repeat(ctx, name, value);
  } else if (kind === 'no') {
    await respond(ctx, redirectUri, rest);
  } else {
    const other = name === 'iss' ? anotherIssuer : 'of-another-sign-in';
    await respond(ctx, redirectUri, { ...payload, [name]: other });
  }
}

/** Puts a parameter once more into a response that is ready: a redirect, or a form that submits itself. */
function repeat(ctx: Context, name: string, value: string): void {
  const body: unknown = ctx.body;
  const location = ctx.res.getHeader('Location');
  if (typeof location === 'string') {
    ctx.set('Location', `${location}&${new URLSearchParams({ [name]: value })}`);
  } else if (typeof body === 'string') {
    // The engine writes one field a line.
    const isField = (line: string) => line.includes(`type="hidden" name="${name}"`);
    ctx.body = body
      .split('\n')
      .flatMap((line) => (isField(line) ? [line, line] : [line]))
      .join('\n');
  }
}
