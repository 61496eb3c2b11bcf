import { type Html, html } from '../../html.js';
import { problemAlert } from './form-parts.js';
import { type Page, page } from './page.js';

/** A device that was given up waits for ten minutes. */
const mostCodes = 5;

/** What the engine calls the problems of a code, in words. */
const problems: ReadonlyMap<string, string> = new Map([
  ['NoCodeError', 'Enter the code that the device shows.'],
  ['NotFoundError', 'This code is not known. Check it, and try again.'],
  ['ExpiredError', 'This code has expired. Ask the device for a new one.'],
  ['AlreadyUsedError', 'This code was used before. Ask the device for a new one.'],
  ['AbortedError', 'The device was not connected. To connect it, ask it for a new code.'],
]);

/**
 * Asks for the code that a device shows.
 *
 * @param error the engine's name of what was wrong with the code before
 * @param waiting codes to enter with a click
 */
export function deviceCodePage(code: string, error: string | null, waiting: readonly string[]): Page {
  const problem = error === null ? undefined : (problems.get(error) ?? 'Something went wrong. Try again.');
  return page({
    title: 'Connect a device',
    body: html`
<h1>Connect a device</h1>
<p class="lead">Enter the code that the device shows.</p>
${problemAlert(problem)}
${waiting.length === 0 ? null : waitingButtons(waiting)}
<form method="post" action="/device">
${codeField(code)}
<button type="submit">Continue</button>
</form>
<form id="waiting" method="post" action="/device"></form>`,
  });
}

/** As on the other pages, of a form behind that which is filled in. */
function waitingButtons(codes: readonly string[]): Html {
  return html`<div class="users" role="group" aria-label="Codes that devices show">
${codes.slice(0, mostCodes).map((code) => html`<input type="submit" form="waiting" name="device_user_code" value="${code}">`)}
<p class="hint">${codes.length === 1 ? 'the code of the device that waits' : 'the codes of devices that wait, the latest first'}</p>
</div>
<p class="or">or by hand</p>`;
}

/** Asks whether the code is the one that the device shows. */
export function deviceConfirmPage(code: string, xsrf: string): Page {
  const fields = html`<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="user_code" value="${code}">
<input type="hidden" name="confirm" value="yes">`;
  return page({
    title: 'Connect a device',
    body: html`
<h1>Connect a device</h1>
<p class="lead">Go on only if the device shows this code, and you asked it to sign in.</p>
<form method="post" action="/oidc/device">
${fields}
${codeField(code, html` readonly`)}
<button type="submit">Continue</button>
</form>
<form method="post" action="/oidc/device">
${fields}
<input type="hidden" name="abort" value="yes">
<input type="submit" value="Cancel">
</form>`,
  });
}

/** The end, on this side: the rest happens on the device. */
export function deviceConnectedPage(): Page {
  return page({
    title: 'Device connected',
    body: html`
<h1>Your device is now connected!</h1>
<p class="lead">You can close this window.</p>`,
  });
}

function codeField(code: string, state: Html | null = null) {
  return html`<label for="code">Code</label>
<input id="code" name="device_user_code" type="text" value="${code}" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" required${state}>`;
}
