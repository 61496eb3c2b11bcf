import type { Fetch } from '../network/fetch.js';
import { isJsonObject, type JsonObject, parseJsonObject, type Subject, send } from '../oidc/http-answer.js';
import type { NamedBy } from '../wording.js';
import type { CookieJar } from './cookie-jar.js';
import { type Browserless, type FollowOptions, follow, requestAsBrowser, type WayEnd } from './follow.js';

/** Where an {@link ExperienceClient} stands. */
export interface ExperienceClientOptions {
  /** The provider's origin. Nothing is sent anywhere else. */
  readonly origin: string;
  readonly clientId: string;
  /** How the provider is set, which decides what is said of it. */
  readonly namedBy?: NamedBy | undefined;
  readonly fetch: Fetch;
  readonly cookies: CookieJar;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends a request with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What the API answered to one step. */
export interface ExperienceAnswer {
  /** The method and the path that were asked for. */
  readonly step: string;
  readonly status: number;
  /** Empty where the body is no JSON object. */
  readonly body: JsonObject;
  /** Logto's name of a refusal; `null` in an answer that is none, or not Logto's. */
  readonly code: string | null;
  readonly namedBy: NamedBy | undefined;
}

/** One browser that is not one, at a provider's pages and at the API that Logto has behind them. */
export class ExperienceClient {
  /** The one origin that anything is sent to. */
  readonly origin: string;
  /** How the provider is set. */
  readonly namedBy: NamedBy | undefined;

  readonly #browser: Browserless;

  constructor(private readonly options: ExperienceClientOptions) {
    const { origin, namedBy, fetch, cookies, now, signal } = options;
    this.origin = origin;
    this.namedBy = namedBy;
    const subject: Subject = {
      name: `The sign-in at ${origin}`,
      code: 'provider_error',
      hint: 'Look at the log of the provider, and of proxies before it.',
      now,
    };
    this.#browser = {
      fetch: async (url, init = {}) => {
        if (new URL(url).origin !== origin) throw new TypeError('nothing is asked for at another origin');
        return send(fetch, url, init, subject);
      },
      cookies,
      ...(signal && { signal }),
    };
  }

  /**
   * Opens an address of the provider. A redirect is not followed.
   *
   * @throws LogtoError `provider_error`, network codes
   */
  open(url: string): Promise<Response> {
    return requestAsBrowser(this.#browser, { url });
  }

  /**
   * Opens an address of the provider, and goes where that leads.
   *
   * @throws what the options say; LogtoError `provider_error`, network codes
   */
  follow(url: string, options: FollowOptions): Promise<WayEnd> {
    return follow(this.#browser, { url }, options);
  }

  /** Whether the provider has set a cookie of this name for the requests of the API. */
  hasCookie(name: string): boolean {
    const cookies = this.options.cookies.header(`${this.origin}/api/experience`) ?? '';
    return cookies.split('; ').some((cookie) => cookie.startsWith(`${name}=`));
  }

  /**
   * Takes one step of the API.
   *
   * @throws LogtoError `provider_error`, network codes
   */
  async call(method: 'PUT' | 'POST', path: string, content?: JsonObject): Promise<ExperienceAnswer> {
    const response = await requestAsBrowser(this.#browser, {
      url: `${this.origin}${path}`,
      method,
      headers: {
        accept: 'application/json',
        ...(content && { 'content-type': 'application/json' }),
        // Picks our interaction where a jar is shared by several applications.
        'logto-app-id': this.options.clientId,
      },
      ...(content && { body: JSON.stringify(content) }),
    });
    const body = parseJsonObject(await response.text()) ?? {};
    const { code } = body;
    // Never the message: Logto repeats one-time tokens in it.
    const isCode = response.status >= 400 && typeof code === 'string' && /^[a-z_]+(\.\w+)+$/.test(code);
    return {
      step: `${method} ${path}`,
      status: response.status,
      body,
      code: isCode ? code : null,
      namedBy: this.namedBy,
    };
  }
}

/** The texts in a list of an answer's `data` that are words and nothing else. */
export function wordsIn({ body }: ExperienceAnswer, name: string): readonly string[] {
  const { data } = body;
  const list = isJsonObject(data) ? data[name] : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter((word): word is string => typeof word === 'string' && /^\w{1,40}$/.test(word));
}
