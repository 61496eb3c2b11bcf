import { posix } from 'node:path';

/** A credential of Google's, which leads to that connector where no other is named. */
export const oneTapParameter = 'google_one_tap_credential';

/** The authorization parameters that Logto adds to OpenID Connect's own (`login_hint` and `ui_locales` are shared). */
export const logtoParameters = [
  'first_screen',
  'interaction_mode',
  'direct_sign_in',
  'organization_id',
  'identifier',
  'one_time_token',
  oneTapParameter,
] as const;

const firstScreens = new Map([
  ['sign_in', 'sign-in'],
  ['signIn', 'sign-in'],
  ['register', 'register'],
  ['reset_password', 'reset-password'],
  ['identifier:sign_in', 'identifier-sign-in'],
  ['identifier:register', 'identifier-register'],
  ['single_sign_on', 'single-sign-on'],
]);
const interactionModes = new Map([
  ['signIn', 'sign-in'],
  ['signUp', 'register'],
]);
/** Handed to the page unchanged, in this order. */
const pageParameters = ['organization_id', 'ui_locales', 'one_time_token', 'login_hint', 'identifier'];

/**
 * The page that an authorization request leads to when somebody has to sign in: a path, with the parameters that the
 * page wants to know. As at Logto, one bad value makes the whole set of extra parameters count as absent.
 */
export function signInDestination(appId: string, parameters: Readonly<Record<string, unknown>>): string {
  const value = (name: string) => {
    const given = parameters[name];
    return typeof given === 'string' ? given : undefined;
  };
  const query = new URLSearchParams({ app_id: appId });
  const firstScreen = value('first_screen');
  const interactionMode = value('interaction_mode');
  if (
    (firstScreen !== undefined && !firstScreens.has(firstScreen)) ||
    (interactionMode !== undefined && !interactionModes.has(interactionMode))
  ) {
    return `/sign-in?${query}`;
  }

  const screen =
    firstScreens.get(firstScreen ?? '') ?? interactionModes.get(interactionMode ?? '') ?? 'sign-in';
  for (const name of pageParameters) {
    const given = value(name);
    if (given !== undefined) query.set(name, given);
  }
  const direct =
    value('direct_sign_in') ?? (value(oneTapParameter) === undefined ? undefined : 'social:google');
  if (direct === undefined) return `/${screen}?${query}`;
  query.set('fallback', screen);
  const [method = '', target = ''] = direct.split(':');
  // As at Logto the parts are joined as they are, and the path may leave `/direct`: never this server, as it would by a
  // backslash, which browsers take for a slash.
  const path = posix.join('/direct', method, target).replaceAll('\\', '%5C');
  return `${path}?${query}`;
}
