import type { Provider } from 'oidc-provider/lib/provider.js';
import type { Experience, SignInProgress } from './experience.js';
import { ExperienceProgress } from './experience-progress.js';
import { ExperienceRefusal } from './experience-refusal.js';
import { freeNewcomer, newcomerAt, newcomerPassword } from './newcomers.js';
import { isOwnVisit } from './own-visit.js';
import type { PageAnswer, PageRequest } from './page-answer.js';
import { registerPage, registerPasswordPage } from './pages/register-pages.js';
import { secondFactorPage } from './pages/second-factor-page.js';
import { continuePath, continuePathOf, signInPage } from './pages/sign-in-page.js';
import { type BrokenRule, brokenRuleText } from './password-policy.js';
import type { EmulatorMfaFactor } from './seed.js';
import type { Identifier, UserDirectory } from './user-directory.js';
import { validUsername } from './usernames.js';
import type { Visits } from './visits/visits.js';

const secondFactorPaths = {
  Totp: '/mfa-verification/totp',
  BackupCode: '/mfa-verification/backup-code',
} as const;

/** Those that a sign-in begins with. */
const isFirstPage = /^\/(identifier-)?(sign-in|register)$/;

/** The pages on which people sign in and register: forms around the steps of an {@link Experience}. */
export class SignInPages {
  constructor(
    private readonly provider: Provider,
    private readonly experience: Experience,
    private readonly users: UserDirectory,
    private readonly visits: Visits,
  ) {}

  /** The answer to a request, when its path is one of these pages'. */
  async answer(request: PageRequest): Promise<PageAnswer | null> {
    const isPost = request.req.method === 'POST';
    if (!isPost && request.req.method !== 'GET') return null;
    const { signInAs } = isFirstPage.test(request.url.pathname) ? this.visits.guideOf(request.req) : {};
    if (!isPost && signInAs !== undefined) return this.#signInAs(request, signInAs());
    const hint = request.url.searchParams.get('login_hint') ?? '';
    switch (request.url.pathname) {
      case '/sign-in':
      case '/identifier-sign-in':
        return isPost ? this.#signIn(request) : this.#showSignIn(request, hint);
      case '/register':
      case '/identifier-register':
        return isPost ? this.#register(request) : this.#showRegister(request, hint);
      case '/register/password':
        return this.#registerPassword(request, isPost);
      case secondFactorPaths.Totp:
        return this.#secondFactor(request, 'Totp', isPost);
      case secondFactorPaths.BackupCode:
        return this.#secondFactor(request, 'BackupCode', isPost);
      default: {
        if (!isPost) return null;
        const newcomer = newcomerAt(request.url.pathname);
        if (newcomer !== null) return this.#registerAtOnce(request, newcomer);
        return request.url.pathname.startsWith(continuePath) ? this.#continueAs(request) : null;
      }
    }
  }

  async #showSignIn(request: PageRequest, identifier: string, problem?: string): Promise<PageAnswer> {
    const page = signInPage({
      ...(await this.#frame(request, problem)),
      identifier,
      users: this.users.seeded,
      invalid: problem !== undefined,
    });
    return { status: problem === undefined ? 200 : 422, page };
  }

  /** Without a page: the guide of a visit says who it is. */
  async #signInAs(request: PageRequest, username: string): Promise<PageAnswer> {
    const user = this.users.seeded.find((known) => known.username === username);
    if (user === undefined) throw new TypeError(`the emulator has no user ${username}`);
    return { status: 303, location: await (await this.#state(request)).finish(user.id) };
  }

  async #signIn(request: PageRequest): Promise<PageAnswer> {
    const identifier = request.form.get('identifier') ?? '';
    const state = await this.#state(request);
    const progress = this.experience.begin('SignIn');
    const refused = attempt(() => {
      const password = request.form.get('password') ?? '';
      const id = this.experience.verifyPassword(progress, identifierOf(identifier), password);
      this.experience.identify(progress, id);
    });
    return refused
      ? this.#showSignIn(request, identifier, refused.message)
      : this.#goOn(request, state, progress, (problem) => this.#showSignIn(request, identifier, problem));
  }

  /** The button of a user, who is not asked for anything. */
  async #continueAs(request: PageRequest): Promise<PageAnswer> {
    const { url } = request;
    const show = async (problem: string): Promise<PageAnswer> => {
      const frame = { ...(await this.#frame(request, problem)), action: `/sign-in${url.search}` };
      const page = signInPage({ ...frame, identifier: '', users: this.users.seeded, invalid: false });
      return { status: 422, page };
    };
    const user = this.users.seeded.find((known) => continuePathOf(known) === url.pathname);
    // Only these pages have such buttons: nobody else's may sign somebody in with a click.
    if (user === undefined || !isOwnVisit(request.req)) {
      return { status: 303, location: `/sign-in${url.search}` };
    }
    const state = await this.#state(request);
    const progress = this.experience.begin('SignIn');
    const refused = attempt(() => this.experience.continueAs(progress, user));
    return refused ? show(refused.message) : this.#goOn(request, state, progress, show);
  }

  async #showRegister(request: PageRequest, identifier: string, problem?: string): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    const frame = await this.#frame(request, problem);
    const action = newcomerAt(pathname) === null ? frame.action : `/register${search}`;
    const page = registerPage({ ...frame, action, identifier, newcomer: freeNewcomer(this.users) });
    return { status: problem === undefined ? 200 : 422, page };
  }

  async #register(request: PageRequest): Promise<PageAnswer> {
    const username = request.form.get('identifier') ?? '';
    const refused = attempt(() => this.experience.assertFree(username));
    const problem = validUsername(username)
      ? refused?.message
      : 'Username should only contain letters, numbers, or underscores, and not begin with a number.';
    if (problem !== undefined) return this.#showRegister(request, username, problem);
    const { interaction } = await this.#state(request);
    interaction.result = { ...interaction.result, registration: { username } };
    await interaction.persist();
    return { status: 303, location: `/register/password${request.url.search}` };
  }

  /** The button of somebody new, who is not asked for anything. */
  async #registerAtOnce(request: PageRequest, username: string): Promise<PageAnswer> {
    if (!isOwnVisit(request.req)) return { status: 303, location: `/register${request.url.search}` };
    const state = await this.#state(request);
    const progress = this.experience.begin('Register');
    const refused = attempt(() => {
      const id = this.experience.newPasswordIdentity(progress, username, newcomerPassword);
      this.experience.identify(progress, id);
    });
    const show = (problem: string) => this.#showRegister(request, '', problem);
    return refused ? show(problemOf(refused)) : this.#goOn(request, state, progress, show);
  }

  async #registerPassword(request: PageRequest, isPost: boolean): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    const state = await this.#state(request);
    const username = registrationOf(state.interaction.result);
    // Somebody else may have taken the name since.
    if (username === null || attempt(() => this.experience.assertFree(username))) {
      return { status: 303, location: `/register${search}` };
    }
    const show = (problem?: string): PageAnswer => ({
      status: problem === undefined ? 200 : 422,
      page: registerPasswordPage({
        action: `${pathname}${search}`,
        username,
        ...(problem !== undefined && { problem }),
      }),
    });
    if (!isPost) return show();
    const password = request.form.get('newPassword') ?? '';
    const progress = this.experience.begin('Register');
    const refused = attempt(() => {
      const id = this.experience.newPasswordIdentity(progress, username, password);
      if (password !== request.form.get('confirmPassword')) return;
      this.experience.identify(progress, id);
    });
    if (refused) return show(problemOf(refused));
    if (progress.userId === undefined) return show('Your passwords don’t match. Please try again.');
    return this.#goOn(request, state, progress, show);
  }

  async #secondFactor(request: PageRequest, factor: EmulatorMfaFactor, isPost: boolean): Promise<PageAnswer> {
    const { pathname, search } = request.url;
    const state = await this.#state(request);
    const { progress } = state;
    if (progress === null) return { status: 303, location: `/sign-in${search}` };
    const user = this.users.seeded.find(({ id }) => id === progress.userId);
    const show = (problem?: string): PageAnswer => ({
      status: problem === undefined ? 200 : 422,
      page: secondFactorPage({
        action: `${pathname}${search}`,
        factor,
        ...(user && { atOnce: { username: user.username, target: `${continuePathOf(user)}${search}` } }),
        ...(problem !== undefined && { problem }),
      }),
    });
    if (!isPost) return show();
    const code = request.form.get('code') ?? '';
    const refused = attempt(() =>
      factor === 'Totp'
        ? this.experience.verifyTotp(progress, code)
        : this.experience.verifyBackupCode(progress, code),
    );
    return refused ? show(refused.message) : this.#goOn(request, state, progress, show);
  }

  /** Ends the sign-in, or asks for what it still lacks; what only suggests something is passed over. */
  async #goOn(
    request: PageRequest,
    state: ExperienceProgress,
    progress: SignInProgress,
    show: (problem: string) => PageAnswer | Promise<PageAnswer>,
  ): Promise<PageAnswer> {
    let refused = attempt(() => this.experience.submit(progress));
    if (refused?.code === 'user.suggest_mfa') {
      this.experience.skipMfa(progress);
      refused = attempt(() => this.experience.submit(progress));
    }
    if (refused === null) return { status: 303, location: await state.finish(progress.userId ?? '') };
    if (refused.code !== 'session.mfa.require_mfa_verification') return show(refused.message);
    await state.save(progress);
    const {
      availableFactors: [factor = 'Totp'],
    } = refused.data as { availableFactors: EmulatorMfaFactor[] };
    return { status: 303, location: `${secondFactorPaths[factor]}${request.url.search}` };
  }

  #state({ req, res }: PageRequest): Promise<ExperienceProgress> {
    return ExperienceProgress.of(this.provider, req, res);
  }

  async #frame(request: PageRequest, problem: string | undefined) {
    const { interaction } = await this.#state(request);
    const { pathname, search } = request.url;
    return {
      appId: String(interaction.params['client_id']),
      action: `${pathname}${search}`,
      query: search,
      ...(problem !== undefined && { problem }),
    };
  }
}

/** What a step was refused for; `null` when it was not. */
function attempt(step: () => void): ExperienceRefusal | null {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof ExperienceRefusal) return error;
    throw error;
  }
}

function problemOf({ code, data, message }: ExperienceRefusal): string {
  const rules = code === 'password.rejected' ? (data as readonly BrokenRule[]) : [];
  return rules.map(brokenRuleText).join(' ') || message;
}

/** As Logto's pages take what is typed into the one field. */
function identifierOf(text: string): Identifier {
  if (text.includes('@')) return { type: 'email', value: text };
  if (/^\+?\d+$/.test(text)) return { type: 'phone', value: text.replace('+', '') };
  return { type: 'username', value: text };
}

/** The username of the first step of a registration, as the interaction keeps it. */
function registrationOf(result: Readonly<Record<string, unknown>> | undefined): string | null {
  const registration = result?.['registration'];
  if (typeof registration !== 'object' || registration === null || !('username' in registration)) return null;
  return typeof registration.username === 'string' ? registration.username : null;
}
