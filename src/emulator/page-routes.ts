import { AccessDenied, InvalidRequest, SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { Consent } from './consent.js';
import { confirmationSecret, endOfConfirmationSecret, waitingUserCodes } from './device-flow.js';
import type { Experience } from './experience.js';
import { visitCookie } from './own-cookies.js';
import { isOwnVisit } from './own-visit.js';
import type { PageAnswer, PageRequest } from './page-answer.js';
import { accessDeniedPage, consentPage } from './pages/consent-page.js';
import { deviceCodePage, deviceConfirmPage, deviceConnectedPage } from './pages/device-pages.js';
import { homePage, notFoundPage, unknownSessionPage } from './pages/home-page.js';
import type { Page } from './pages/page.js';
import { visitPage } from './pages/visit-pages.js';
import type { EmulatorDescription } from './seed.js';
import { SignInPages } from './sign-in-pages.js';
import type { UserDirectory } from './user-directory.js';
import { entrancePath } from './visits/visit.js';
import type { Visits } from './visits/visits.js';

/** Answers the requests that are not for the engine: what people see of a sign-in, and the overview. */
export class PageRoutes {
  readonly #signIn: SignInPages;

  constructor(
    private readonly provider: Provider,
    private readonly description: EmulatorDescription,
    experience: Experience,
    private readonly users: UserDirectory,
    private readonly consent: Consent,
    private readonly visits: Visits,
  ) {
    this.#signIn = new SignInPages(provider, experience, users, visits);
  }

  async answer(request: PageRequest): Promise<PageAnswer> {
    try {
      return (await this.#signIn.answer(request)) ?? (await this.#route(request));
    } catch (error) {
      if (error instanceof AccessDenied) return { status: 200, page: accessDeniedPage() };
      if (!(error instanceof SessionNotFound || error instanceof InvalidRequest)) throw error;
      return { status: 302, location: `${this.description.endpoint}/unknown-session` };
    }
  }

  async #route(request: PageRequest): Promise<PageAnswer> {
    const { pathname, search, searchParams } = request.url;
    switch (`${request.req.method} ${pathname}`) {
      case 'GET /':
        return { status: 200, page: this.#home(request) };
      case 'POST /cancel':
        return this.#cancel(request);
      case 'GET /consent':
      case 'POST /consent':
        return this.#consent(request);
      case 'GET /device':
        return this.#device(request);
      case 'POST /device':
        return {
          status: 303,
          location: deviceVerification(request.form.get('device_user_code') ?? ''),
        };
      case 'GET /device/success':
        return { status: 200, page: deviceConnectedPage() };
      case 'GET /unknown-session':
        return { status: 404, page: unknownSessionPage() };
      // Neither forgotten passwords nor connectors nor single sign-on are set up: Logto's pages turn back then.
      case 'GET /reset-password':
      case 'GET /single-sign-on':
        return { status: 302, location: `/sign-in${search}` };
    }
    if (request.req.method === 'GET' && pathname.startsWith(entrancePath)) return this.#enter(pathname);
    if (request.req.method === 'GET' && pathname.startsWith('/direct/')) {
      const fallback = searchParams.get('fallback') === 'register' ? '/register' : '/sign-in';
      return { status: 302, location: `${fallback}${search}` };
    }
    return { status: 404, page: notFoundPage() };
  }

  /** Whoever was added or changed since the start is there as well. */
  #home({ req }: PageRequest): Page {
    const { seeded, size } = this.users;
    return homePage(
      { ...this.description, users: seeded },
      { registered: size - seeded.length, showsSecrets: isOwnVisit(req) },
    );
  }

  /** Lets a browser into a visit. */
  #enter(pathname: string): PageAnswer {
    const visit = this.visits.named(pathname.slice(entrancePath.length));
    if (visit === null) return { status: 404, page: notFoundPage() };
    const { headers, text } = visitPage();
    const cookie = `${visitCookie}=${visit.id}; Path=/; HttpOnly; SameSite=Lax`;
    return { status: 200, page: { text, headers: { ...headers, 'Set-Cookie': cookie } } };
  }

  async #cancel({ req, res }: PageRequest): Promise<PageAnswer> {
    const result = { error: 'access_denied', error_description: 'End-User aborted interaction' };
    return { status: 303, location: await this.provider.interactionResult(req, res, result) };
  }

  /** Grants what was asked, without a question unless the application is somebody else's. */
  async #consent({ req, res, url }: PageRequest): Promise<PageAnswer> {
    const interaction = await this.provider.interactionDetails(req, res);
    if (interaction.prompt.name !== 'consent' || !interaction.session)
      return { status: 302, location: `/sign-in${url.search}` };
    const isGuided = this.visits.guideOf(req).signInAs !== undefined;
    if (req.method === 'GET' && !isGuided && this.consent.isAsked(interaction)) {
      const { application, user, missingOIDCScope, missingResourceScopes } =
        this.consent.details(interaction);
      const ofResources = missingResourceScopes.flatMap(({ scopes }) => scopes.map(({ name }) => name));
      const scopes = [...missingOIDCScope, ...ofResources];
      const action = `/consent${url.search}`;
      const cancel = String(interaction.params['redirect_uri']);
      return {
        status: 200,
        page: consentPage({ appId: application.id, action, cancel, scopes, user: user.username ?? user.id }),
      };
    }
    return { status: 302, location: await this.consent.grant(req, res, interaction) };
  }

  /** The engine checks a code before it is confirmed. */
  #device({ req, url }: PageRequest): PageAnswer {
    const code = url.searchParams.get('user_code');
    if (code === null) {
      const { searchParams } = url;
      return {
        status: 200,
        page: deviceCodePage(
          searchParams.get('input_code') ?? '',
          searchParams.get('error'),
          isOwnVisit(req) ? waitingUserCodes(this.provider) : [],
        ),
      };
    }
    const secret = confirmationSecret(req);
    if (secret === null) return { status: 302, location: deviceVerification(code) };
    const { headers, text } = deviceConfirmPage(code, secret);
    return { status: 200, page: { text, headers: { ...headers, ...endOfConfirmationSecret } } };
  }
}

/** Where the engine checks a user code. */
function deviceVerification(userCode: string): string {
  return `/oidc/device?${new URLSearchParams({ user_code: userCode })}`;
}
