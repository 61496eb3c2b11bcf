import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';

/** The engine's name of the cookie that says which interaction a browser is in. */
const cookieName = '_interaction';
const resumeCookieName = `${cookieName}_resume`;
const latest = '_legacy';
/** Applications that one browser can be signing in to at once. */
const maximumApplications = 10;

type CookieContext = Pick<KoaContextWithOIDC, 'req' | 'cookies'> & {
  readonly oidc?: {
    readonly client?: { readonly clientId: string };
    readonly entities?: { readonly Interaction?: { readonly prompt: { readonly name: string } } };
  };
};

/** The application on whose behalf a page or its script asks; `null` when it does not say. */
export function applicationOf({ headers, url = '/' }: IncomingMessage): string | null {
  const named = headers['logto-app-id'];
  if (typeof named === 'string' && named !== '') return named;
  return new URLSearchParams(url.split('?')[1]).get('app_id');
}

/**
 * Makes the cookie of the interaction hold one interaction for each application, as Logto does: percent-encoded JSON
 * that also names the latest one.
 */
export function keepInteractionsApart(provider: Provider): void {
  const createContext = provider.createContext.bind(provider);
  // Every context that the engine works with is made by this.
  provider.createContext = ((req, res) => {
    const ctx = createContext(req, res);
    changeCookies(ctx);
    return ctx;
  }) as Provider['createContext'];
}

function changeCookies(ctx: CookieContext): void {
  const { cookies } = ctx;
  const get = cookies.get.bind(cookies);
  const set = cookies.set.bind(cookies);
  cookies.get = (name, options) => {
    const value = get(name, options);
    if (name !== cookieName || value === undefined) return value;
    const uids = readUids(value);
    return uids[applicationOf(ctx.req) ?? latest] ?? uids[latest];
  };
  cookies.set = (name, uid, options) => {
    // Logto leaves this cookie until the consent: who comes back to the step before hears of an interaction that is gone.
    if (name === resumeCookieName && uid === null && isSignIn(ctx)) return cookies;
    if (name !== cookieName || typeof uid !== 'string') return set(name, uid, options);
    const { [latest]: _, ...uids } = readUids(get(name) ?? '');
    const clientId = ctx.oidc?.client?.clientId ?? '';
    delete uids[clientId];
    const kept = Object.entries(uids).slice(1 - maximumApplications);
    const all = Object.fromEntries([...kept, [clientId, uid], [latest, uid]]);
    return set(name, encodeURIComponent(JSON.stringify(all)), options);
  };
}

function isSignIn({ oidc }: CookieContext): boolean {
  return oidc?.entities?.Interaction?.prompt.name === 'login';
}

function readUids(value: string): Record<string, string> {
  try {
    return JSON.parse(decodeURIComponent(value));
  } catch {
    // The cookie is signed, so this one is of another version of the emulator; it names no interaction of this one.
    return {};
  }
}
