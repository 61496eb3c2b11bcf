import { type Html, html } from '../../html.js';
import type {
  EmulatorApplication,
  EmulatorDescription,
  EmulatorOrganization,
  EmulatorResource,
  EmulatorUser,
} from '../seed.js';
import { type Page, page } from './page.js';

/** What the overview needs to know beside what an emulator says of itself. */
export interface HomePageContent {
  /** How many users have registered: their passwords are their own. */
  readonly registered: number;
  /** False where somebody else's page led here. */
  readonly showsSecrets: boolean;
}

/** What this is, and everything needed to use it. */
export function homePage(
  description: EmulatorDescription,
  { registered, showsSecrets }: HomePageContent,
): Page {
  const { endpoint, issuer, applications, users, resources, organizations } = description;
  return page({
    title: 'Logto emulator',
    wide: true,
    body: html`
<h1>The emulator is running</h1>
<p class="lead">An OpenID Provider that answers as Logto does. Everything is in memory and ends with the process; nothing here is a secret.</p>
${showsSecrets ? null : html`<p>Another page led here, so passwords and secrets are left out: <a href="/">show them</a>.</p>`}
<section class="box">
<dl>
<dt>Endpoint</dt><dd><code>${endpoint}</code></dd>
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>Discovery</dt><dd><a href="/oidc/.well-known/openid-configuration">openid-configuration</a></dd>
</dl>
</section>
<h2>Applications</h2>
${applications.map((application) => applicationBox(application, showsSecrets))}
<h2>Users</h2>
${users.map((user) => userBox(user, showsSecrets))}
${registered === 0 ? null : html`<p>and ${registered} who registered</p>`}
<h2>API resources</h2>
${resources.map(resourceBox)}
<h2>Organizations</h2>
${organizations.map(organizationBox)}`,
  });
}

/** An address that is nothing here. */
export function notFoundPage(): Page {
  return page({
    title: 'Not found',
    body: html`<h1>There is nothing here</h1><p class="lead"><a href="/">What this emulator offers</a></p>`,
  });
}

/** A page of a sign-in that is not, or no longer, under way. */
export function unknownSessionPage(): Page {
  return page({
    title: 'Session not found',
    body: html`
<h1>Session not found</h1>
<p class="lead">This sign-in has ended, or began in another browser. Go back to your application and start again.</p>`,
  });
}

function applicationBox(application: EmulatorApplication, showsSecrets: boolean): Html {
  return html`<section class="box">
<h3>${application.type}${application.deviceFlow === true ? ', device flow' : null}${application.thirdParty === true ? ', third-party' : null}</h3>
<dl>
<dt>App ID</dt><dd><code>${application.appId}</code></dd>
${application.appSecret === undefined || !showsSecrets ? null : html`<dt>App secret</dt><dd><code>${application.appSecret}</code></dd>`}
${entry('Only for', accessWords(application))}
${entry('Redirect URI', application.redirectUris)}
${entry('Post sign-out URI', application.postLogoutRedirectUris)}
</dl>
</section>`;
}

function accessWords({ accessControl: { users = [], roles = [] } = {} }: EmulatorApplication): string[] {
  return [...users, ...roles.map((role) => `role ${role}`)];
}

function userBox(user: EmulatorUser, showsSecrets: boolean): Html {
  return html`<section class="box">
<h3>${user.username}</h3>
<dl>
${showsSecrets ? html`<dt>Password</dt><dd><code>${user.password}</code></dd>` : null}
<dt>User ID</dt><dd><code>${user.id}</code></dd>
${user.name === undefined ? null : html`<dt>Name</dt><dd>${user.name}</dd>`}
${user.email === undefined ? null : html`<dt>Email</dt><dd>${user.email}</dd>`}
${user.phone === undefined ? null : html`<dt>Phone</dt><dd>${user.phone}</dd>`}
${entry('Roles', user.roles ?? [])}
${entry('Authenticator secret', user.totpSecret === undefined || !showsSecrets ? [] : [user.totpSecret])}
${entry('Backup codes', showsSecrets ? (user.backupCodes ?? []) : [])}
${user.suspended ? html`<dt>State</dt><dd>suspended</dd>` : null}
</dl>
</section>`;
}

function resourceBox({ indicator, scopes }: EmulatorResource): Html {
  return html`<section class="box">
<h3>${indicator}</h3>
<dl>
${entry('Scopes', scopes)}
</dl>
</section>`;
}

function organizationBox({ id, name, scopes = [], members }: EmulatorOrganization): Html {
  return html`<section class="box">
<h3>${name}</h3>
<dl>
<dt>Organization ID</dt><dd><code>${id}</code></dd>
${entry('Scopes', scopes)}
${entry('Members', members)}
</dl>
</section>`;
}

/** A line of a list of facts; nothing when there are none. */
function entry(term: string, values: readonly string[]): Html | null {
  return values.length === 0 ? null : html`<dt>${term}</dt><dd>${values.map(codeOf)}</dd>`;
}

function codeOf(text: string): Html {
  return html`<code>${text}</code>`;
}
