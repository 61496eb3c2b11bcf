import type { Respond } from '../faults/faulty-response.js';
import { heldPage } from '../pages/visit-pages.js';
import type { VisitGuide } from './visit-guide.js';

type Context = Parameters<Respond>[0];

/** A way to send a browser back that asks the guide of its visit before it does. */
export function guidedResponse(
  mode: string,
  respond: Respond,
  change: NonNullable<VisitGuide['onCallback']>,
): Respond {
  return async (ctx, redirectUri, payload) => {
    const shown = new URL(redirectUri);
    for (const [name, value] of Object.entries(payload)) shown.searchParams.append(name, String(value));
    const changed = await change(shown);
    if (changed === null) return holdBrowser(ctx);
    if (mode === 'query') {
      ctx.status = 303;
      return ctx.redirect(changed.href);
    }
    const parameters = Object.fromEntries(changed.searchParams);
    const bare = new URL(changed);
    bare.search = '';
    await respond(ctx, bare.href, parameters);
  };
}

/** Lets a browser stay where it is. */
export function holdBrowser(ctx: Pick<Context, 'status' | 'set' | 'body'>): void {
  const { headers, text } = heldPage();
  ctx.status = 200;
  ctx.set({ ...headers });
  ctx.body = text;
}
