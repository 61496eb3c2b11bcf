import { Html, html } from '../../html.js';
import { type Page, page } from './page.js';

const submitAtOnce = 'document.forms[0].submit();';

/**
 * The confirmation of a sign-out, which sends itself, as Logto's does; the button is for browsers without scripts.
 *
 * @param form the engine's own form, markup
 */
export function signOutPage(form: string): Page {
  const answer =
    '<input type="hidden" name="logout" value="yes"><button type="submit">Sign out</button></form>';
  return page({
    title: 'Signing out',
    body: html`
<h1>Signing out</h1>
<p class="lead">This ends your session at the emulator.</p>
${new Html(form.replace('</form>', answer))}`,
    script: submitAtOnce,
  });
}

/**
 * A step that only a browser can take: a form of hidden fields that sends itself.
 *
 * @param form the engine's own form, markup; what it has for browsers without scripts is replaced
 */
export function onwardPage(form: string): Page {
  const button = '<button type="submit">Continue</button>';
  return page({
    title: 'One moment',
    body: html`
<h1>One moment</h1>
<p class="lead">This leads on by itself, or with the button.</p>
${new Html(form.replace(/<noscript>.*<\/noscript>/s, button))}`,
    script: submitAtOnce,
  });
}

/** The end of a sign-out that leads nowhere else. */
export function signedOutPage(): Page {
  return page({
    title: 'Signed out',
    body: html`
<h1>You have successfully signed out.</h1>
<p class="lead">You can close this window.</p>`,
  });
}
