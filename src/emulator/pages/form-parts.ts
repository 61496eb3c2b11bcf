import { type Html, html } from '../../html.js';

/** What was wrong with the form that was sent, read out at once. */
export function problemAlert(problem: string | undefined): Html | null {
  return problem === undefined ? null : html`<p class="alert" role="alert">${problem}</p>`;
}

/**
 * Ends the sign-in with `access_denied`. Logto has no such button; here a refusal can be tried in a browser. It is an
 * `input`, so that `button[type=submit]` is the form's own button, as on Logto's pages.
 */
export function cancelForm(): Html {
  return html`<form method="post" action="/cancel"><input type="submit" value="Cancel"></form>`;
}
