import type { IncomingMessage } from 'node:http';
import { type ApiAnswer, type ApiBody, type ApiRequest, parseBody, refusal, textIn } from './api-answer.js';
import { ExperienceRefusal } from './experience-refusal.js';
import { managementResource, managementScope } from './management-resource.js';
import type { SigningKeys } from './signing-keys.js';
import { impersonationLifetime, type SubjectTokens } from './subject-tokens.js';
import type { UserDirectory } from './user-directory.js';

/** The paths of a user's personal access tokens, as Logto has them. */
const personalTokens = /^\/api\/users\/([^/]+)\/personal-access-tokens(?:\/([^/]+))?$/;

/**
 * What of Logto's Management API makes tokens to exchange: impersonation tokens, and personal access tokens. It takes an
 * access token of a machine-to-machine application for {@link managementResource}, with the scope `all`.
 */
export class ManagementApi {
  constructor(
    private readonly keys: SigningKeys,
    private readonly users: UserDirectory,
    private readonly subjectTokens: SubjectTokens,
  ) {}

  /** Whether it answers at this path. */
  answersAt(path: string): boolean {
    return path === '/api/subject-tokens' || personalTokens.test(path);
  }

  /** Answers a request at such a path. */
  answer({ req, path, body: text }: ApiRequest): ApiAnswer {
    try {
      this.#requireManager(req);
      const body = parseBody(text ?? '');
      if (body === null) return { status: 400, body: { message: 'The request body is not JSON.' } };
      const [, userId = '', name] = personalTokens.exec(path) ?? [];
      const route = `${req.method} ${userId === '' ? path : name === undefined ? 'tokens' : 'token'}`;
      if (route === 'POST /api/subject-tokens') return this.#impersonation(body);
      if (route === 'POST tokens') return this.#personal(decodeURIComponent(userId), body);
      if (route === 'DELETE token' && name !== undefined) {
        return this.#withoutPersonal(decodeURIComponent(userId), decodeURIComponent(name));
      }
      return { status: 404, body: { message: 'Not Found' } };
    } catch (error) {
      if (error instanceof ExperienceRefusal) return refusal(error);
      throw error;
    }
  }

  #impersonation(body: ApiBody): ApiAnswer {
    const userId = textIn(body, 'userId');
    if (this.users.byId(userId) === null)
      throw new ExperienceRefusal(404, 'entity.relation_foreign_key_not_found');
    const subjectToken = this.subjectTokens.addImpersonation(userId);
    return { status: 201, body: { subjectToken, expiresIn: impersonationLifetime } };
  }

  #personal(userId: string, body: ApiBody): ApiAnswer {
    const name = textIn(body, 'name');
    const { expiresAt = null } = body;
    if (expiresAt !== null && !(typeof expiresAt === 'number' && expiresAt > Date.now())) {
      const words = { details: 'The expiration time must be in the future.' };
      throw new ExperienceRefusal(400, 'request.invalid_input', undefined, words);
    }
    if (this.users.byId(userId) === null) throw new ExperienceRefusal(404, 'entity.not_found');
    const token = this.subjectTokens.addPersonal(userId, name, expiresAt);
    if (token === null) throw new ExperienceRefusal(422, 'user.personal_access_token_name_exists');
    return { status: 201, body: { tenantId: 'default', ...token } };
  }

  #withoutPersonal(userId: string, name: string): ApiAnswer {
    if (!this.subjectTokens.deletePersonal(userId, name))
      throw new ExperienceRefusal(404, 'entity.not_found');
    return { status: 204 };
  }

  #requireManager({ headers: { authorization = '' } }: IncomingMessage): void {
    if (authorization === '') throw new ExperienceRefusal(401, 'auth.authorization_header_missing');
    const [scheme = '', token = ''] = authorization.split(' ');
    const jwt = /^bearer$/i.test(scheme) ? this.keys.verified(token) : null;
    const { aud, exp, scope = '' } = jwt?.claims ?? {};
    if (aud !== managementResource || !(Number(exp) * 1000 > Date.now()))
      throw new ExperienceRefusal(401, 'auth.unauthorized');
    if (!String(scope).split(' ').includes(managementScope))
      throw new ExperienceRefusal(403, 'auth.forbidden');
  }
}
