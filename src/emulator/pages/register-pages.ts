import { html } from '../../html.js';
import { newcomerPassword, newcomerPathOf } from '../newcomers.js';
import { atOnceButton, atOnceForm, cancelForm, problemAlert } from './form-parts.js';
import { type Page, page } from './page.js';

/** What the first step shows. */
export interface RegisterPageContent {
  readonly appId: string;
  readonly action: string;
  readonly query: string;
  readonly identifier: string;
  readonly problem?: string;
  /** A username that nobody has, to register with a click. */
  readonly newcomer: string;
}

/** The first step of a registration: a username. */
export function registerPage(content: RegisterPageContent): Page {
  const { appId, action, query, identifier, problem, newcomer } = content;
  return page({
    title: 'Create your account',
    body: html`
<h1>Create your account</h1>
<p class="lead">to continue to <strong>${appId}</strong></p>
${problemAlert(problem)}
<div class="users">
${atOnceButton(`Register ${newcomer}`, `${newcomerPathOf(newcomer)}${query}`)}
<p class="hint">with the password <code>${newcomerPassword}</code></p>
</div>
<p class="or">or somebody else</p>
<form method="post" action="${action}">
<label for="identifier">Username</label>
<input id="identifier" name="identifier" type="text" value="${identifier}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required autofocus aria-invalid="${problem === undefined ? 'false' : 'true'}">
<button type="submit">Create account</button>
</form>
${cancelForm()}
${atOnceForm(action)}
<p class="other">Already have an account? <a href="/sign-in${query}">Sign in</a></p>`,
  });
}

/** What the second step shows. */
export interface RegisterPasswordPageContent {
  readonly action: string;
  readonly username: string;
  readonly problem?: string;
}

/** The second step: a password, twice. */
export function registerPasswordPage({ action, username, problem }: RegisterPasswordPageContent): Page {
  const invalid = problem === undefined ? 'false' : 'true';
  return page({
    title: 'Set password',
    body: html`
<h1>Set password</h1>
<p class="lead">for the new account <strong>${username}</strong></p>
<form method="post" action="${action}">
${problemAlert(problem)}
<input type="text" value="${username}" autocomplete="username" readonly hidden>
<label for="newPassword">New password</label>
<input id="newPassword" name="newPassword" type="password" autocomplete="new-password" required autofocus aria-invalid="${invalid}" aria-describedby="rule">
<p class="hint" id="rule">At least 8 characters.</p>
<label for="confirmPassword">Confirm password</label>
<input id="confirmPassword" name="confirmPassword" type="password" autocomplete="new-password" required aria-invalid="${invalid}">
<button type="submit">Save password</button>
</form>
${cancelForm()}`,
  });
}
