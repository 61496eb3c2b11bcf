import { type Html, html } from '../../html.js';
import type { EmulatorUser } from '../seed.js';
import { atOnceButton, atOnceForm, cancelForm, problemAlert } from './form-parts.js';
import { type Page, page } from './page.js';

/** How the paths begin to which the buttons of users lead. */
export const continuePath = '/continue-as/';

/** Where the button of a user leads. */
export function continuePathOf({ id }: EmulatorUser): string {
  // What is no Unicode would have no address: as UTF-8 it has one.
  return `${continuePath}${encodeURIComponent(Buffer.from(id).toString())}`;
}

/** Buttons that everybody sees; further users stand behind a click. */
const firstUsers = 6;
/** A seed may hold thousands. */
const mostUsers = 200;

/** What the sign-in page shows. */
export interface SignInPageContent {
  readonly appId: string;
  /** Where the form goes: the page's own path, with its query. */
  readonly action: string;
  /** The query of the page, to be kept when the person turns to another one. */
  readonly query: string;
  readonly identifier: string;
  readonly problem?: string;
  /** Whether that is about what was filled in, and not about the user of a button. */
  readonly invalid: boolean;
  /** Users to sign in with a click: an emulator's passwords are no secrets. */
  readonly users: readonly EmulatorUser[];
}

/** A button for each user, or username and password. */
export function signInPage(content: SignInPageContent): Page {
  const { appId, action, query, identifier, problem, users } = content;
  const invalid = String(content.invalid);
  return page({
    title: 'Sign in to your account',
    body: html`
<h1>Sign in to your account</h1>
<p class="lead">to continue to <strong>${appId}</strong></p>
${problemAlert(problem)}
${users.length === 0 ? null : userButtons(users, query)}
<form method="post" action="${action}">
<label for="identifier">Username</label>
<input id="identifier" name="identifier" type="text" value="${identifier}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required aria-invalid="${invalid}"${focusIf(identifier === '')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required aria-invalid="${invalid}"${focusIf(identifier !== '')}>
<button type="submit">Sign in</button>
</form>
${cancelForm()}
${atOnceForm(action)}
<p class="other">No account yet? <a href="/register${query}">Create account</a></p>
${users.length === 0 ? null : passwords(users)}`,
  });
}

function focusIf(wanted: boolean) {
  return wanted ? html` autofocus` : null;
}

function userButtons(users: readonly EmulatorUser[], query: string): Html {
  const button = (user: EmulatorUser) => {
    const target = `${continuePathOf(user)}${query}`;
    return html`<li>${atOnceButton(`Continue as ${user.username}`, target)}${stateOf(user)}</li>`;
  };
  const more = users.slice(firstUsers, mostUsers);
  return html`<div role="group" aria-label="Users of this emulator">
<ul class="users">
${users.slice(0, firstUsers).map(button)}
</ul>
${more.length === 0 ? null : html`<details class="more"><summary>${more.length} more</summary><ul class="users">${more.map(button)}</ul></details>`}
</div>
<p class="or">or with a password</p>`;
}

/** What is to be expected of a user, beside a plain sign-in. */
function stateOf({ suspended, passwordExpired, totpSecret, backupCodes = [] }: EmulatorUser): Html | null {
  const hasFactor = totpSecret !== undefined || backupCodes.length > 0;
  const states = [
    suspended && 'suspended',
    passwordExpired && 'the password has expired',
    hasFactor && 'with a second factor, filled in too',
  ];
  const text = states.filter(Boolean).join(', ');
  return text === '' ? null : html`<p class="hint">${text}</p>`;
}

function passwords(users: readonly EmulatorUser[]): Html {
  const shown = users.slice(0, mostUsers);
  return html`<details>
<summary>Passwords of these users</summary>
<ul class="accounts">
${shown.map(({ username, password }) => html`<li><code>${username}</code> with <code>${password}</code></li>`)}
</ul>
${shown.length === users.length ? null : html`<p class="hint">and ${users.length - shown.length} more</p>`}
</details>`;
}
