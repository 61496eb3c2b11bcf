import { LogtoError } from '../errors.js';

/** What Logto shows first (`first_screen`). Any other value makes Logto drop every parameter of its own silently. */
export const firstScreens = [
  'sign_in',
  'register',
  'reset_password',
  'identifier:sign_in',
  'identifier:register',
  'single_sign_on',
] as const;
/** One of Logto's screens. */
export type FirstScreen = (typeof firstScreens)[number];

/** What a person may be identified by on Logto's `identifier:*` screens. */
export const identifierTypes = ['username', 'email', 'phone'] as const;
/** One of these kinds of identifiers. */
export type IdentifierType = (typeof identifierTypes)[number];

/** What one sign-in asks for. The names are those of Logto's SDKs. */
export interface SignInOptions extends SignInChoices {
  /** Where the provider sends the browser back to; must be registered for the application. */
  readonly redirectUri: string;
  /** The `state` to use, at least 128 unguessable bits. Default: random. */
  readonly state?: string;
}

/** What a person may choose about a sign-in. */
export interface SignInChoices {
  /** `signUp` opens the registration page first. Any other provider is asked with `prompt=create`. */
  readonly interactionMode?: 'signIn' | 'signUp';
  /** Logto only. Stronger than `interactionMode`. */
  readonly firstScreen?: FirstScreen;
  /** Logto only, with the `identifier:*` screens. */
  readonly identifiers?: readonly IdentifierType[];
  /** Logto only: go straight to a social connector or an enterprise's sign-in. */
  readonly directSignIn?: { readonly method: 'social' | 'sso'; readonly target: string };
  /** Logto only: a magic link's token; goes with `loginHint`, its e-mail address. */
  readonly oneTimeToken?: string;
  /** The identifier to fill in (OpenID Connect Core 1.0, section 3.1.2.1). */
  readonly loginHint?: string;
  /** The `prompt` of this sign-in instead of the configuration's; `null` sends none. */
  readonly prompt?: string | readonly string[] | null;
  /** Seconds since the person last signed in actively; older means they must do so again. */
  readonly maxAge?: number;
  /** Authentication context classes, most wanted first, separated by spaces (`acr_values`). */
  readonly acrValues?: string;
  /** Languages of the pages, most wanted first, separated by spaces (BCP 47). */
  readonly uiLocales?: string;
  /** Further parameters of the authorization request. Those that the client sets itself are refused. */
  readonly extraParams?: Readonly<Record<string, string>>;
}

/** Parameters of the authorization request that `extraParams` may not set. */
const reservedParameters = new Set([
  'client_id',
  'client_secret',
  'response_type',
  'redirect_uri',
  'scope',
  'resource',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'acr_values',
  'ui_locales',
  'login_hint',
  'first_screen',
  'interaction_mode',
  'identifier',
  'direct_sign_in',
  'one_time_token',
  'id_token_hint',
  'response_mode',
  'request',
  'request_uri',
]);

/** What the parameters depend on beside the options. */
export interface ParameterContext {
  /** Whether the provider is Logto (configured by its endpoint). */
  readonly isLogto: boolean;
  readonly configuredPrompt: string | readonly string[] | null | undefined;
  /** Discovery's `prompt_values_supported`. */
  readonly promptValues: readonly string[];
}

/**
 * The parameters of the authorization request that depend on what the person asked for.
 *
 * @throws LogtoError `config_invalid` for what the provider would ignore or misunderstand
 */
export function signInParameters(options: SignInChoices, context: ParameterContext): Record<string, string> {
  const parameters: Record<string, string | undefined> = {
    ...extraParameters(options.extraParams ?? {}),
    ...(context.isLogto ? logtoParameters(options) : refuseLogtoParameters(options)),
    login_hint: options.loginHint,
    max_age: options.maxAge?.toString(),
    acr_values: options.acrValues,
    ui_locales: options.uiLocales,
    prompt: promptOf(options, context),
  };
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function promptOf(options: SignInChoices, context: ParameterContext): string | undefined {
  if (!context.isLogto && wantsSignUp(options)) return createPrompt(options.prompt, context.promptValues);
  const chosen = options.prompt !== undefined ? options.prompt : context.configuredPrompt;
  if (chosen === null) return undefined;
  if (chosen !== undefined) return promptValues(chosen).join(' ');
  if (!context.isLogto) return undefined;
  // With a live session Logto goes straight back and ignores these parameters, unless it is made to show its page.
  const needsPage =
    wantsSignUp(options) ||
    [
      options.firstScreen,
      options.identifiers,
      options.directSignIn,
      options.oneTimeToken,
      options.loginHint,
    ].some((value) => value !== undefined);
  return needsPage ? 'login consent' : 'consent';
}

/** Initiating User Registration via OpenID Connect 1.0: `create` beside whatever else was chosen. */
function createPrompt(chosen: SignInChoices['prompt'], supported: readonly string[]): string {
  if (!supported.includes('create')) {
    throw new LogtoError(
      'config_invalid',
      'This provider does not say that it can open its registration page (prompt=create).',
      'Sign in without sign-up (--sign-up), and follow the link to the registration on the page of the provider.',
    );
  }
  return [...new Set(['create', ...promptValues(chosen ?? [])])].join(' ');
}

function promptValues(prompt: string | readonly string[]): readonly string[] {
  return typeof prompt === 'string' ? prompt.split(' ').filter(Boolean) : prompt;
}

function wantsSignUp(options: SignInChoices): boolean {
  return options.firstScreen === undefined && options.interactionMode === 'signUp';
}

function logtoParameters(options: SignInChoices): Record<string, string | undefined> {
  const screen = options.firstScreen ?? (wantsSignUp(options) ? 'register' : undefined);
  if (screen !== undefined && !firstScreens.includes(screen)) {
    throw new LogtoError(
      'config_invalid',
      `Logto has no first screen of the name ${JSON.stringify(screen)}, and would drop all its parameters for it.`,
      `Use one of ${firstScreens.join(', ')}.`,
    );
  }
  for (const identifier of options.identifiers ?? []) {
    if (!identifierTypes.includes(identifier)) {
      throw new LogtoError(
        'config_invalid',
        `Logto has no identifier of the type ${JSON.stringify(identifier)}.`,
        `Use ${identifierTypes.join(', ')}.`,
      );
    }
  }
  const direct = options.directSignIn;
  return {
    first_screen: screen,
    identifier: options.identifiers?.join(' ') || undefined,
    direct_sign_in: direct && `${direct.method}:${direct.target}`,
    one_time_token: options.oneTimeToken,
  };
}

function refuseLogtoParameters(options: SignInChoices): Record<string, never> {
  const names = {
    firstScreen: 'first_screen',
    identifiers: 'identifier',
    directSignIn: 'direct_sign_in',
    oneTimeToken: 'one_time_token',
  } as const;
  const given = (Object.keys(names) as (keyof typeof names)[]).find((name) => options[name] !== undefined);
  if (given === undefined) return {};
  throw new LogtoError(
    'config_invalid',
    `The parameter ${names[given]} is known where the provider is set by its endpoint alone, and it is set by its issuer.`,
    'Leave the parameter out, or set the provider by its endpoint (--endpoint) instead.',
  );
}

/**
 * Further parameters of a request.
 *
 * @throws LogtoError `config_invalid` for one that is set here
 */
export function extraParameters(extra: Readonly<Record<string, string>>): Record<string, string> {
  for (const name of Object.keys(extra)) {
    if (reservedParameters.has(name)) {
      throw new LogtoError(
        'config_invalid',
        `The authorization request's parameter ${name} cannot be set by hand.`,
        'Leave it out: it is set here already, or by an option of its own.',
      );
    }
  }
  return { ...extra };
}
