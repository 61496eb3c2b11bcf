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

/**
 * A button that does at once what people fill in here. It is of a form that stands behind the one to be filled in
 * ({@link atOnceForm}), and no `button` element: so the first form of the page, and its only `button`, stay those of
 * Logto's page, for tests that fill them in.
 *
 * @param target where it leads
 */
export function atOnceButton(label: string, target: string): Html {
  return html`<input type="submit" form="continue" formaction="${target}" value="${label}">`;
}

/** The form of every {@link atOnceButton} of a page. */
export function atOnceForm(action: string): Html {
  return html`<form id="continue" method="post" action="${action}"></form>`;
}
