import type { LogtoConfig } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import { askWithinOrigin, readJsonObject, type Subject } from '../oidc/http-answer.js';
import { isTemplate } from '../oidc/issuer-template.js';
import { checkProvider } from '../oidc/issuer-url.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { shellWord } from '../shell-word.js';
import { requireApplication } from './connection.js';

/** More of an issuer than this is not shown. */
const longest = 200;

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
  const subject: Subject = {
    name: `The discovery document ${url}`,
    code: 'discovery_invalid',
    hint: '',
    now: runtime.now,
  };
  try {
    checkProvider({ issuer: 'https://issuer.invalid', discoveryUrl: url });
    const fetch = await runtime.fetch(settings);
    const init = { headers: { accept: 'application/json' }, signal: runtime.interruption };
    const { issuer } = await readJsonObject(await askWithinOrigin(fetch, url, init, subject), subject);
    if (typeof issuer !== 'string' || issuer.length > longest || !isUsable(issuer, url)) return error;
    return new LogtoError(
      error.code,
      error.message,
      `That document, which anybody may have published, names --issuer ${shellWord(issuer)}: give that beside it, if it is the provider you mean.`,
    );
  } catch (failure) {
    if (!(failure instanceof LogtoError) || failure.code === 'interrupted') throw failure;
    // What the place itself is refused for is to be mended first; that nobody is there is no news without an issuer.
    return ['config_invalid', 'issuer_insecure'].includes(failure.code) ? failure : error;
  }
}

/** Whether somebody may be told to set it. */
function isUsable(issuer: string, discoveryUrl: string): boolean {
  if (/[{}]/.test(issuer)) return isTemplate(issuer);
  try {
    checkProvider({ issuer, discoveryUrl });
    return /^[\x21-\x7e]+$/.test(issuer);
  } catch {
    return false;
  }
}
