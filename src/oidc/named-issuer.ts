import type { Fetch } from '../network/fetch.js';
import { checkProvider } from './check-provider.js';
import { askWithinOrigin, readJsonObject, type Subject } from './http-answer.js';

/** More is no issuer that anybody is asked about. */
const longest = 200;

/** What it is asked with. */
interface AskingMeans {
  readonly fetch: Fetch;
  readonly runtime: { readonly now: () => number; readonly interruption: AbortSignal };
}

/**
 * The issuer that a discovery document names, for somebody to say whether that is meant: anybody can publish such a
 * document. `null` where it names none that could be set.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure` for an address that is not asked; `discovery_invalid`, network
 * codes
 */
export async function namedIssuer(
  { fetch, runtime: { now, interruption: signal } }: AskingMeans,
  discoveryUrl: string,
): Promise<string | null> {
  checkProvider({ issuer: 'https://issuer.invalid', discoveryUrl });
  const hint = 'Check --discovery-url: it is the whole address of the discovery document.';
  const subject: Subject = {
    name: `The discovery document ${discoveryUrl}`,
    code: 'discovery_invalid',
    hint,
    now,
  };
  const init = { headers: { accept: 'application/json' }, signal };
  const { issuer } = await readJsonObject(await askWithinOrigin(fetch, discoveryUrl, init, subject), subject);
  return typeof issuer === 'string' && isUsable(issuer, discoveryUrl) ? issuer : null;
}

function isUsable(issuer: string, discoveryUrl: string): boolean {
  if (issuer.length > longest || !/^[\x21-\x7e]+$/.test(issuer)) return false;
  try {
    checkProvider({ issuer, discoveryUrl });
    return true;
  } catch {
    return false;
  }
}
