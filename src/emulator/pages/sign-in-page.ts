import { html } from '../../html.js';
import type { EmulatorUser } from '../seed.js';
import { cancelForm, problemAlert } from './form-parts.js';
import { type Page, page } from './page.js';

/** What the sign-in page shows. */
export interface SignInPageContent {
  readonly appId: string;
  /** Where the form goes: the page's own path, with its query. */
  readonly action: string;
  /** The query of the page, to be kept when the person turns to another one. */
  readonly query: string;
  readonly identifier: string;
  readonly problem?: string;
  /** Users to suggest: an emulator's passwords are no secrets. */
  readonly accounts: readonly EmulatorUser[];
}

/** Username and password. */
export function signInPage(content: SignInPageContent): Page {
  const { appId, action, query, identifier, problem, accounts } = content;
  const invalid = problem === undefined ? 'false' : 'true';
  return page({
    title: 'Sign in to your account',
    body: html`
<h1>Sign in to your account</h1>
<p class="lead">to continue to <strong>${appId}</strong></p>
<form method="post" action="${action}">
${problemAlert(problem)}
<label for="identifier">Username</label>
<input id="identifier" name="identifier" type="text" value="${identifier}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required aria-invalid="${invalid}"${focusIf(identifier === '')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required aria-invalid="${invalid}"${focusIf(identifier !== '')}>
<button type="submit">Sign in</button>
</form>
${cancelForm()}
<p class="other">No account yet? <a href="/register${query}">Create account</a></p>
${accounts.length === 0 ? null : suggestions(accounts)}`,
  });
}

function focusIf(wanted: boolean) {
  return wanted ? html` autofocus` : null;
}

function suggestions(accounts: readonly EmulatorUser[]) {
  return html`<details>
<summary>Accounts of this emulator</summary>
<ul class="accounts">
${accounts.map(({ username, password }) => html`<li><code>${username}</code> with <code>${password}</code></li>`)}
</ul>
</details>`;
}
