import { AccessDenied, InvalidRequest, SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import {
  type ApiAnswer,
  type ApiBody,
  type ApiRequest,
  invalidInput,
  parseBody,
  refusal,
  textIn,
} from './api-answer.js';
import type { Consent } from './consent.js';
import { type Experience, interactionEvents, type SignInProgress } from './experience.js';
import { ExperienceProgress } from './experience-progress.js';
import { ExperienceRefusal } from './experience-refusal.js';
import { logtoErrorBody } from './oauth-error-body.js';
import { identifierTypes } from './seed.js';
import { validUsername } from './usernames.js';

type Step = (experience: Experience, progress: SignInProgress, body: ApiBody) => ApiAnswer;

/** Logto's Experience API, by which its pages sign users in, and the part of the Interaction API that is about consent. */
export class ExperienceApi {
  constructor(
    private readonly provider: Provider,
    private readonly experience: Experience,
    private readonly consent: Consent,
  ) {}

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    try {
      return await this.#route(request, `${request.req.method} ${request.path}`);
    } catch (error) {
      if (error instanceof ExperienceRefusal) return refusal(error);
      // Logto's own refusal, not that of its engine: it has no other member.
      if (error instanceof AccessDenied) return refusal(new ExperienceRefusal(400, 'oidc.access_denied'));
      if (error instanceof SessionNotFound) return sessionNotFound(error);
      if (error instanceof InvalidRequest) return invalidRequest(error);
      throw error;
    }
  }

  async #route({ req, res, body: text }: ApiRequest, route: string): Promise<ApiAnswer> {
    const step = steps.get(route);
    const isConsent = route.endsWith(' /api/interaction/consent');
    const isKnown = step !== undefined || isConsent || otherRoutes.has(route);
    if (!isKnown) return { status: 404, body: { message: 'Not Found' } };
    const body = text === null ? null : parseBody(text);
    if (body === null) return { status: 400, body: { message: 'The request body is not JSON.' } };
    const state = await ExperienceProgress.of(this.provider, req, res);
    if (route === 'GET /api/interaction/consent') {
      return { status: 200, body: this.consent.details(state.interaction) };
    }
    if (isConsent) {
      return { status: 200, body: { redirectTo: await this.consent.grant(req, res, state.interaction) } };
    }
    if (route === 'PUT /api/experience') {
      await state.save(this.experience.begin(oneOf(body, 'interactionEvent', interactionEvents)));
      return { status: 204 };
    }
    const { progress } = state;
    if (progress === null) throw new ExperienceRefusal(404, 'session.interaction_not_found');
    if (step === undefined) {
      const user = this.experience.submit(progress);
      return { status: 200, body: { redirectTo: await state.finish(user.id) } };
    }
    const answer = step(this.experience, progress, body);
    await state.save(progress);
    return answer;
  }
}

const otherRoutes: ReadonlySet<string> = new Set(['PUT /api/experience', 'POST /api/experience/submit']);

/** What each route does. A step that is refused leaves the progress as it was saved last. */
const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  [
    'PUT /api/experience/interaction-event',
    (experience, progress, body) => {
      experience.switchEvent(progress, oneOf(body, 'interactionEvent', interactionEvents));
      return { status: 204 };
    },
  ],
  [
    'POST /api/experience/verification/password',
    (experience, progress, body) => {
      const { type, value } = identifierIn(body);
      const identifier = { type: oneOf({ type }, 'type', identifierTypes, 'identifier.'), value };
      return verification(experience.verifyPassword(progress, identifier, textIn(body, 'password')));
    },
  ],
  [
    'POST /api/experience/verification/new-password-identity',
    (experience, progress, body) => {
      const { type, value } = identifierIn(body);
      oneOf({ type }, 'type', ['username'], 'identifier.');
      if (!validUsername(value)) throw invalidInput('identifier.value');
      return verification(experience.newPasswordIdentity(progress, value, textIn(body, 'password')));
    },
  ],
  [
    'POST /api/experience/verification/one-time-token/verify',
    (experience, progress, body) => {
      const { type, value } = identifierIn(body);
      oneOf({ type }, 'type', ['email'], 'identifier.');
      return verification(experience.verifyOneTimeToken(progress, value, textIn(body, 'token')));
    },
  ],
  [
    'POST /api/experience/verification/totp/verify',
    (experience, progress, body) => verification(experience.verifyTotp(progress, textIn(body, 'code'))),
  ],
  [
    'POST /api/experience/verification/backup-code/verify',
    (experience, progress, body) => verification(experience.verifyBackupCode(progress, textIn(body, 'code'))),
  ],
  [
    'POST /api/experience/identification',
    (experience, progress, body) => {
      const isNew = progress.event === 'Register';
      const id = isNew && body['verificationId'] === undefined ? null : textIn(body, 'verificationId');
      experience.identify(progress, id);
      return isNew ? { status: 201, body: 'Created' } : { status: 204 };
    },
  ],
  [
    'POST /api/experience/profile/mfa/mfa-skipped',
    (experience, progress) => {
      experience.skipMfa(progress);
      return { status: 204 };
    },
  ],
]);

function verification(verificationId: string): ApiAnswer {
  return { status: 200, body: { verificationId } };
}

function identifierIn(body: ApiBody): { readonly type: unknown; readonly value: string } {
  const { identifier } = body;
  if (typeof identifier !== 'object' || identifier === null) throw invalidInput('identifier');
  const { type, value } = identifier as ApiBody;
  if (typeof value !== 'string') throw invalidInput('identifier.value');
  return { type, value };
}

function oneOf<T extends string>(body: ApiBody, name: string, words: readonly T[], place = ''): T {
  const word = words.find((known) => known === body[name]);
  if (word === undefined) throw invalidInput(`${place}${name}`);
  return word;
}

function sessionNotFound({ error, error_description }: SessionNotFound): ApiAnswer {
  const { message, code } = new ExperienceRefusal(400, 'session.not_found');
  return { status: 400, body: { message, code, error, error_description } };
}

function invalidRequest({ error, error_description: description = '' }: InvalidRequest): ApiAnswer {
  return { status: 400, body: logtoErrorBody({ error, error_description: description }) };
}
