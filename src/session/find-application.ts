import type { LogtoConfig } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { shellWord } from '../shell-word.js';
import { requireApplication } from './connection.js';

/**
 * The provider and application of these settings, as {@link requireApplication} has them. Where the place of a document is
 * set and no issuer, the failure tells which one stands there: it is asked for, and not believed.
 *
 * @throws LogtoError as {@link requireApplication}
 */
export async function findApplication(runtime: Runtime, settings: Settings): Promise<LogtoConfig> {
  try {
    return requireApplication(settings);
  } catch (error) {
    const { endpoint, issuer, discoveryUrl } = settings;
    if (!(error instanceof LogtoError) || discoveryUrl === undefined || (endpoint ?? issuer) !== undefined)
      throw error;
    throw await withNamedIssuer(error, runtime, settings, discoveryUrl);
  }
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
