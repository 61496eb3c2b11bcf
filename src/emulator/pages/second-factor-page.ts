import { html } from '../../html.js';
import type { EmulatorMfaFactor } from '../seed.js';
import { atOnceButton, atOnceForm, cancelForm, problemAlert } from './form-parts.js';
import { type Page, page } from './page.js';

/** What the page of a second factor shows. */
export interface SecondFactorPageContent {
  /** Where the form goes. */
  readonly action: string;
  readonly factor: EmulatorMfaFactor;
  readonly problem?: string;
  /** Whose code is filled in with a click, and where that leads; absent where only that user knows it. */
  readonly atOnce?: { readonly username: string; readonly target: string };
}

/** The code of an authenticator app, or a backup code. */
export function secondFactorPage({ action, factor, problem, atOnce }: SecondFactorPageContent): Page {
  const label = factor === 'Totp' ? 'Code of your authenticator app' : 'Backup code';
  return page({
    title: '2-step verification',
    body: html`
<h1>2-step verification</h1>
${atOnce === undefined ? null : html`<div class="users">${atOnceButton(`Continue with the code of ${atOnce.username}`, atOnce.target)}</div><p class="or">or by hand</p>`}
<form method="post" action="${action}">
${problemAlert(problem)}
<label for="code">${label}</label>
<input id="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="none" autocorrect="off" spellcheck="false" required autofocus aria-invalid="${problem === undefined ? 'false' : 'true'}">
<button type="submit">Continue</button>
</form>
${cancelForm()}
${atOnce === undefined ? null : atOnceForm(action)}`,
  });
}
