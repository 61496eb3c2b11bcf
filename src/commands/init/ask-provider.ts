import { issuerOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { isPlaceholder } from '../../profile/placeholder.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { emulatorEndpoint } from './emulator-names.js';
import { type FoundProvider, findProvider, type ProviderMeans } from './find-provider.js';
import { askText } from './questions.js';
import { applicationIn, meantProviders } from './typed-provider.js';

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
  const set = settings.endpoint ?? settings.issuer;
  let fallback = set !== undefined && !isPlaceholder(set) ? set : await emulatorHere(means);
  if (set === undefined && fallback !== undefined)
    output.note(`A provider runs on this machine, at ${fallback}.`);
  else if (fallback === undefined) output.note('Without a provider of your own: logto-cli init --emulator');
  const question =
    settings.issuer === undefined
      ? 'Address of your OpenID Provider, or of a page of Logto'
      : 'Address of your OpenID Provider';
  for (;;) {
    const typed = await askText(context, question, fallback);
    try {
      const found =
        typed === set ? await findSet(settings, means) : await findProvider(means, meantProviders(typed));
      const [what, where] =
        'endpoint' in found.named
          ? ['Logto', found.named.endpoint]
          : ['An OpenID Provider', found.named.issuer];
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
  const { endpoint, issuer } = settings;
  const of = issuerOf(endpoint === undefined ? { issuer } : { endpoint });
  const found = await findProvider(means, [of]);
  return endpoint === undefined
    ? { ...found, named: { issuer: of }, namedBy: 'issuer' }
    : { ...found, named: { endpoint }, namedBy: 'endpoint' };
}

async function emulatorHere(means: ProviderMeans): Promise<string | undefined> {
  try {
    const { named } = await findProvider(means, [`${emulatorEndpoint}/oidc`]);
    return 'endpoint' in named ? named.endpoint : undefined;
  } catch (error) {
    if (error instanceof LogtoError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}
