import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { confirmationSecret, endOfConfirmationSecret } from './device-flow.js';
import { deviceCodePage, deviceConfirmPage, deviceConnectedPage } from './pages/device-pages.js';
import { homePage, notFoundPage, unknownSessionPage } from './pages/home-page.js';
import type { Page } from './pages/page.js';
import { registerPage, registerPasswordPage } from './pages/register-pages.js';
import { signInPage } from './pages/sign-in-page.js';
import type { EmulatorDescription } from './seed.js';
import type { DirectoryUser, UserDirectory } from './user-directory.js';

/** One request for a page. */
export interface PageRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  /** Empty unless it is a POST. */
  readonly form: URLSearchParams;
}

/** A page, or a way to another one. */
export type PageAnswer =
  | { readonly status: number; readonly page: Page }
  | { readonly status: 302 | 303; readonly location: string };

/** Answers the requests that are not for the engine: what people see of a sign-in, and the overview. */
export class PageRoutes {
  constructor(
    private readonly provider: Provider,
    private readonly users: UserDirectory,
    private readonly description: EmulatorDescription,
  ) {}

  async answer(request: PageRequest): Promise<PageAnswer> {
    try {
      return await this.#route(request);
    } catch (error) {
      if (error instanceof SessionNotFound) return { status: 302, location: '/unknown-session' };
      throw error;
    }
  }

  async #route(request: PageRequest): Promise<PageAnswer> {
    const { pathname, search, searchParams } = request.url;
    switch (`${request.req.method} ${pathname}`) {
      case 'GET /':
        return { status: 200, page: homePage(this.description) };
      case 'GET /sign-in':
      case 'GET /identifier-sign-in':
        return this.#showSignIn(request, searchParams.get('login_hint') ?? '');
      case 'POST /sign-in':
      case 'POST /identifier-sign-in':
        return this.#signIn(request);
      case 'GET /register':
      case 'GET /identifier-register':
        return this.#showRegister(request, searchParams.get('login_hint') ?? '');
      case 'POST /register':
      case 'POST /identifier-register':
        return this.#register(request);
      case 'GET /register/password':
      case 'POST /register/password':
        return this.#registerPassword(request);
      case 'POST /cancel':
        return this.#cancel(request);
      case 'GET /consent':
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
    if (request.req.method === 'GET' && pathname.startsWith('/direct/')) {
      const fallback = searchParams.get('fallback') === 'register' ? '/register' : '/sign-in';
      return { status: 302, location: `${fallback}${search}` };
    }
    return { status: 404, page: notFoundPage() };
  }

  async #showSignIn(request: PageRequest, identifier: string, problem?: string): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    return {
      status: problem === undefined ? 200 : 422,
      page: signInPage({
        appId: await this.#appId(request),
        action: `${pathname}${search}`,
        query: search,
        identifier,
        accounts: this.description.users,
        ...(problem === undefined ? {} : { problem }),
      }),
    };
  }

  async #signIn(request: PageRequest): Promise<PageAnswer> {
    const identifier = request.form.get('identifier') ?? '';
    const user = this.users.authenticate(identifier, request.form.get('password') ?? '');
    if (user) return this.#finish(request, user);
    return this.#showSignIn(request, identifier, 'Incorrect account or password. Please check your input.');
  }

  async #showRegister(request: PageRequest, identifier: string, problem?: string): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    return {
      status: problem === undefined ? 200 : 422,
      page: registerPage({
        appId: await this.#appId(request),
        action: `${pathname}${search}`,
        query: search,
        identifier,
        ...(problem === undefined ? {} : { problem }),
      }),
    };
  }

  async #register(request: PageRequest): Promise<PageAnswer> {
    const username = request.form.get('identifier') ?? '';
    const refusal = this.users.refuseUsername(username);
    if (refusal) return this.#showRegister(request, username, refusal.refused);
    const interaction = await this.#interaction(request);
    interaction.result = { ...interaction.result, registration: { username } };
    await interaction.persist();
    return { status: 303, location: `/register/password${request.url.search}` };
  }

  async #registerPassword(request: PageRequest): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    const { result } = await this.#interaction(request);
    const username = registrationOf(result);
    // Somebody else may have taken the name since.
    if (username === null || this.users.refuseUsername(username)) {
      return { status: 303, location: `/register${search}` };
    }
    const action = `${pathname}${search}`;
    if (request.req.method === 'GET') {
      return { status: 200, page: registerPasswordPage({ action, username }) };
    }
    const password = request.form.get('newPassword') ?? '';
    const refusal = this.users.refusePassword(password, request.form.get('confirmPassword') ?? '');
    if (refusal) {
      return { status: 422, page: registerPasswordPage({ action, username, problem: refusal.refused }) };
    }
    return this.#finish(request, this.users.register(username, password));
  }

  async #cancel(request: PageRequest): Promise<PageAnswer> {
    const result = { error: 'access_denied', error_description: 'End-User aborted interaction' };
    return { status: 303, location: await this.provider.interactionResult(request.req, request.res, result) };
  }

  /** Grants what was asked without a question: every application of an emulator is a first-party one. */
  async #consent(request: PageRequest): Promise<PageAnswer> {
    const { prompt, grantId, session, params } = await this.#interaction(request);
    if (prompt.name !== 'consent' || !session)
      return { status: 302, location: `/sign-in${request.url.search}` };
    const { Grant } = this.provider;
    const grant =
      (grantId === undefined ? undefined : await Grant.find(grantId)) ??
      new Grant({ accountId: session.accountId, clientId: String(params['client_id']) });
    const missing = prompt.details['missingOIDCScope'];
    if (Array.isArray(missing)) grant.addOIDCScope(missing.join(' '));
    const ofResources = Object.entries(prompt.details['missingResourceScopes'] ?? {});
    for (const [indicator, scopes] of ofResources) grant.addResourceScope(indicator, scopes);
    const consent = { grantId: await grant.save() };
    return {
      status: 302,
      location: await this.provider.interactionResult(request.req, request.res, { consent }),
    };
  }

  /** The engine checks a code before it is confirmed. */
  #device({ req, url }: PageRequest): PageAnswer {
    const code = url.searchParams.get('user_code');
    if (code === null) {
      const { searchParams } = url;
      return {
        status: 200,
        page: deviceCodePage(searchParams.get('input_code') ?? '', searchParams.get('error')),
      };
    }
    const secret = confirmationSecret(req);
    if (secret === null) return { status: 302, location: deviceVerification(code) };
    const { headers, text } = deviceConfirmPage(code, secret);
    return { status: 200, page: { text, headers: { ...headers, ...endOfConfirmationSecret } } };
  }

  async #finish(request: PageRequest, user: DirectoryUser): Promise<PageAnswer> {
    const login = { accountId: user.id };
    return {
      status: 303,
      location: await this.provider.interactionResult(request.req, request.res, { login }),
    };
  }

  #interaction({ req, res }: PageRequest) {
    return this.provider.interactionDetails(req, res);
  }

  async #appId(request: PageRequest): Promise<string> {
    return String((await this.#interaction(request)).params['client_id']);
  }
}

/** Where the engine checks a user code. */
function deviceVerification(userCode: string): string {
  return `/oidc/device?${new URLSearchParams({ user_code: userCode })}`;
}

/** The username of the first step of a registration, as the interaction keeps it. */
function registrationOf(result: Readonly<Record<string, unknown>> | undefined): string | null {
  const registration = result?.['registration'];
  if (typeof registration !== 'object' || registration === null || !('username' in registration)) return null;
  return typeof registration.username === 'string' ? registration.username : null;
}
