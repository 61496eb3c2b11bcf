import { namedProvider, placeOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { hasBraces } from '../../oidc/issuer-template.js';
import { inWords } from '../../oidc/issuer-url.js';
import { namedIssuer } from '../../oidc/named-issuer.js';
import { isPlaceholder } from '../../profile/placeholder.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { emulatorEndpoint } from './emulator-names.js';
import { type FoundProvider, findProvider, type ProviderMeans } from './find-provider.js';
import { askText, askYes } from './questions.js';
import { applicationIn, documentIn, meantProviders } from './typed-provider.js';

/** A provider that was chosen. */
export interface ChosenProvider extends FoundProvider {
  /** The application that the pasted address was of. */
  readonly appId: string | null;
}

/**
 * Asks for the provider's address until one answers discovery. The default is what is set; else the emulator, where it
 * runs on this machine.
 *
 * @throws LogtoError `usage_invalid` when the input ended; `interrupted`
 */
export async function askProvider(
  context: CommandContext,
  settings: Settings,
  means: ProviderMeans,
): Promise<ChosenProvider> {
  const { output } = context;
  const set = settings.endpoint ?? settings.issuer ?? settings.discoveryUrl;
  const isNamed = (settings.endpoint ?? settings.issuer) !== undefined;
  // What may come with a password is refused, and never shown.
  const isShown = set !== undefined && !isPlaceholder(set) && !set.includes('@');
  let fallback = isShown ? set : await emulatorHere(means);
  if (set === undefined && fallback !== undefined)
    output.note(`A provider runs on this machine, at ${fallback}.`);
  else if (fallback === undefined && settings.appId === undefined)
    output.note('Without a provider of your own: logto-cli init --emulator');
  const question =
    settings.issuer === undefined
      ? 'Address of your OpenID Provider, or of a page of Logto'
      : 'Address of your OpenID Provider';
  for (;;) {
    const typed = await askText(context, question, fallback);
    try {
      const found =
        typed === set && isNamed ? await findSet(settings, means) : await findTyped(context, typed, means);
      const [what, where] =
        'endpoint' in found.named
          ? ['Logto', found.named.endpoint]
          : ['An OpenID Provider', inWords(found.named)];
      output.note(`✓ ${what} answers at ${where}`);
      return { ...found, appId: applicationIn(typed) };
    } catch (error) {
      if (!(error instanceof LogtoError) || error.code === 'interrupted') throw error;
      output.warn(
        `${error.message} ${error.code === 'issuer_mismatch' ? error.hint : 'Try another address.'}`,
      );
      if (typed === fallback) fallback = undefined;
    }
  }
}

/** The provider as it is set: what it is said to be, it is asked as. */
async function findSet(settings: Settings, means: ProviderMeans): Promise<FoundProvider> {
  const { endpoint } = settings;
  const place = placeOf(namedProvider(settings));
  const found = await findProvider(means, [place]);
  if (endpoint !== undefined) return { ...found, named: { endpoint }, namedBy: 'endpoint' };
  const { issuer, discoveryUrl } = place;
  return {
    ...found,
    named: { issuer, ...(discoveryUrl !== undefined && { discoveryUrl }) },
    namedBy: 'issuer',
  };
}

/**
 * The provider that was typed. The document of an address may be of an issuer elsewhere: then somebody is asked whether
 * that is meant, since anybody can publish such a document.
 */
async function findTyped(
  context: CommandContext,
  typed: string,
  means: ProviderMeans,
): Promise<FoundProvider> {
  try {
    return await findProvider(
      means,
      meantProviders(typed).map((issuer) => ({ issuer })),
    );
  } catch (error) {
    const discoveryUrl = documentIn(typed);
    const isOther =
      error instanceof LogtoError && ['issuer_mismatch', 'discovery_invalid'].includes(error.code);
    const issuer = isOther && discoveryUrl !== null ? await namedIssuer(means, discoveryUrl) : null;
    if (issuer === null || discoveryUrl === null) throw error;
    const question = hasBraces(issuer)
      ? `That document is for every tenant: its issuer is ${issuer}. Take the users of all of them?`
      : `That document is of the issuer ${issuer}. Is that the provider that you mean?`;
    if (!(await askYes(context, question))) throw error;
    const places = hasBraces(issuer) ? [] : [{ issuer }];
    return findProvider(means, [...places, { issuer, discoveryUrl }]);
  }
}

async function emulatorHere(means: ProviderMeans): Promise<string | undefined> {
  try {
    const { named } = await findProvider(means, [{ issuer: `${emulatorEndpoint}/oidc` }]);
    return 'endpoint' in named ? named.endpoint : undefined;
  } catch (error) {
    if (error instanceof LogtoError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}
