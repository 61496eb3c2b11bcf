import { html } from '../../html.js';
import { type Page, page } from './page.js';

/** What somebody else's application asks for. */
export interface ConsentPageContent {
  readonly appId: string;
  /** Where the form goes. */
  readonly action: string;
  /** Where the browser goes without an answer: the application's redirect URI, as it is. */
  readonly cancel: string;
  readonly scopes: readonly string[];
  /** Who is asked. */
  readonly user: string;
}

/**
 * Asks whether somebody else's application may have what it wants. Who cancels is sent, as at Logto, to the bare redirect
 * URI: with no error and no state.
 */
export function consentPage({ appId, action, cancel, scopes, user }: ConsentPageContent): Page {
  return page({
    title: 'Authorize',
    body: html`
<h1>Authorize ${appId}</h1>
<p class="lead">You are <strong>${user}</strong>. This application wants to know:</p>
<ul>
${scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
</ul>
<form method="post" action="${action}"><button type="submit">Authorize</button></form>
<p><a href="${cancel}">Cancel</a></p>`,
  });
}

/** For a user who is signed in, and whom the application is not for. As at Logto, the browser stays here. */
export function accessDeniedPage(): Page {
  return page({
    title: 'Access denied',
    body: html`
<h1>Access denied</h1>
<p class="lead">You are signed in, but this application is not for you. Sign in as another user, or ask whoever runs it.</p>`,
  });
}
