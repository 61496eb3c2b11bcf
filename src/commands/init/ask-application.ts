import { controlIn } from '../../control-character.js';
import { LogtoError } from '../../errors.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import type { ProbeTarget } from '../../oidc/probe/probe.js';
import { isPlaceholder } from '../../profile/placeholder.js';
import { typedAppId } from '../../profile/typed-address.js';
import type { CommandContext } from '../../session/command-context.js';
import { type ApplicationKind, examinedRequest, kindOf } from './application-kind.js';
import type { ChosenProvider } from './ask-provider.js';
import { emulatorApplication } from './emulator-names.js';
import { askText } from './questions.js';

/** An application that the provider does not deny, and what it is. */
export interface ChosenApplication {
  readonly appId: string;
  readonly found: Exclude<ApplicationKind, { kind: 'refused' }>;
}

/** What is known before anybody is asked. */
export interface ApplicationQuestion {
  readonly provider: ChosenProvider;
  /** The one that is set. */
  readonly set: string | undefined;
  readonly redirectUri: string;
  /** As whom to ask, without a secret. */
  readonly targetOf: (appId: string) => Promise<ProbeTarget>;
}

/**
 * Asks for the application's ID until the provider does not deny it, and tells what it is.
 *
 * @throws LogtoError `usage_invalid` when the input ended; `interrupted`
 */
export async function askApplication(
  context: CommandContext,
  { provider, set, redirectUri, targetOf }: ApplicationQuestion,
): Promise<ChosenApplication> {
  const { output } = context;
  const request = examinedRequest(provider, redirectUri);
  const examine = async (appId: string) => kindOf(await targetOf(appId), request);
  const isSet = set !== undefined && !isPlaceholder(set);
  let fallback = provider.appId ?? (isSet ? set : await emulatorsOwn(provider, examine));
  const question =
    provider.namedBy === 'endpoint' ? 'App ID of the application' : 'Client ID of the application';
  for (;;) {
    const { value: appId } = typedAppId(await askText(context, question, fallback));
    if (isPlaceholder(appId)) {
      output.warn(`${JSON.stringify(appId)} is a placeholder out of documentation.`);
      continue;
    }
    const problem = controlIn(appId);
    if (problem !== null) {
      output.warn(`That ${problem}. Type it, or copy it again.`);
      if (appId === fallback) fallback = undefined;
      continue;
    }
    const found = await examine(appId);
    if (found.kind === 'refused') {
      output.warn(`${found.error.message} Look at it again, or take another one.`);
      if (appId === fallback) fallback = undefined;
      continue;
    }
    output.note(wordsOf(appId, found));
    return { appId, found };
  }
}

function wordsOf(appId: string, found: ChosenApplication['found']): string {
  switch (found.kind) {
    case 'public':
      return `✓ ${appId} is a public application: it needs no secret`;
    case 'confidential':
      return `✓ ${appId} is a confidential application: it authenticates`;
    case 'device':
      return `✓ ${appId} is made for the device flow: you sign in by a code, in a browser on any device`;
    case 'unclear':
      return `Cannot tell what kind of application ${appId} is, because: ${found.reason}`;
  }
}

/** The emulator's own application, where a provider on this machine knows one of that name. */
async function emulatorsOwn(
  { named }: ChosenProvider,
  examine: (appId: string) => Promise<ApplicationKind>,
): Promise<string | undefined> {
  if (!('endpoint' in named) || !isLoopbackHost(new URL(named.endpoint).hostname)) return undefined;
  try {
    return (await examine(emulatorApplication)).kind === 'public' ? emulatorApplication : undefined;
  } catch (error) {
    if (error instanceof LogtoError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}
