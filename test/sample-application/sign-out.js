import * as client from 'openid-client';
import { cookieOf } from './sessions.js';
import { discover } from './sign-in.js';

/** POST /sign-out: ends the session here first, then at the provider, which leads back. */
export async function signOut(application, request, response) {
  const { sessions, has, isSecure } = application;
  const id = cookieOf(request, sessions.cookieName);
  const session = sessions.get(id);
  if (!has('sign-out-of-browser') && !has('sign-out-forgotten')) sessions.forget(id);
  const headers = has('sign-out-forgotten') ? {} : { 'set-cookie': sessions.cookie('', isSecure) };
  response.writeHead(303, { ...headers, location: await placeAfter(application, session) });
  response.end();
}

async function placeAfter(application, session) {
  const { settings, has } = application;
  if (session?.user === undefined || has('sign-out-here-only')) return settings.url;
  // Without one, the provider is told the application alone.
  const { idToken } = session.user;
  try {
    const url = client.buildEndSessionUrl(await discover(application, {}), {
      ...(idToken !== undefined && { id_token_hint: has('sign-out-hint-broken') ? 'none' : idToken }),
      ...(!has('sign-out-one-way') && { post_logout_redirect_uri: settings.url }),
    });
    return url.href;
  } catch {
    return settings.url;
  }
}
