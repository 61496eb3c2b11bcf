import type { LogtoConfig } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { shellWord } from '../shell-word.js';
import { mayAsk } from './may-ask.js';
import { requireApplication } from './required-application.js';

/**
 * The provider and application of these settings, as {@link requireApplication} has them. Where the place of a document is
 * set and no issuer, the failure tells which one stands there: it is asked for, and not believed. Where something else is
 * not set, and somebody can be asked, its hint begins with what asks.
 *
 * @throws LogtoError as {@link requireApplication}
 */
export async function findApplication(
  runtime: Runtime,
  settings: Settings,
  flags: { readonly input?: boolean },
): Promise<LogtoConfig> {
  try {
    return requireApplication(settings);
  } catch (error) {
    const { endpoint, issuer, discoveryUrl } = settings;
    if (!(error instanceof LogtoError)) throw error;
    if (discoveryUrl === undefined || (endpoint ?? issuer) !== undefined)
      throw error.code === 'config_missing' && mayAsk(runtime, flags) ? askedFirst(error, settings) : error;
    throw await withNamedIssuer(error, runtime, settings, discoveryUrl);
  }
}

/** The failure of a setting that nobody gave, for somebody at a terminal. */
function askedFirst({ code, message, hint }: LogtoError, { endpoint, issuer, appId }: Settings): LogtoError {
  // What is given is carried on to each command of a hint, and the emulator has its own.
  const isNothing = (endpoint ?? issuer ?? appId) === undefined;
  const others = isNothing ? hint.replace('logto-cli demo', 'logto-cli init --emulator') : hint;
  return new LogtoError(
    code,
    message,
    `To be asked for what is missing, and signed in: logto-cli init. ${others}`,
  );
}

async function withNamedIssuer(
  error: LogtoError,
  runtime: Runtime,
  settings: Settings,
  url: string,
): Promise<LogtoError> {
  const { namedIssuer } = await import('../oidc/named-issuer.js');
  try {
    const issuer = await namedIssuer({ runtime, fetch: await runtime.fetch(settings) }, url);
    if (issuer === null) return error;
    const hint =
      `That document, which anybody may have published, names --issuer ${shellWord(issuer)}: give that beside it, if ` +
      'it is the provider you mean.';
    return new LogtoError(error.code, error.message, hint);
  } catch (failure) {
    if (!(failure instanceof LogtoError) || failure.code === 'interrupted') throw failure;
    // What the place itself is refused for is to be mended first; that nobody is there is no news without an issuer.
    return ['config_invalid', 'issuer_insecure'].includes(failure.code) ? failure : error;
  }
}
