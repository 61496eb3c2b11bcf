import { LogtoError } from '../../errors.js';
import type { ProbeTarget } from '../../oidc/probe/probe.js';
import { checkSecretText } from '../../profile/secret-text.js';
import type { CommandContext } from '../../session/command-context.js';
import { type SecretVerdict, verdictOnSecret } from './application-kind.js';
import { askHidden } from './questions.js';

/** A secret that was asked for. */
export interface AskedSecret {
  /** What was typed; absent where the one that is set was taken, or none. */
  readonly typed?: string;
  /** Whether the application has turned out to be for machines alone. */
  readonly isForMachines: boolean;
}

/** What is known before somebody is asked. */
export interface SecretQuestion {
  /** As whom to ask, without a secret. */
  readonly target: ProbeTarget;
  readonly redirectUri: string;
  /** The one that is set: Enter takes it. */
  readonly set: string | undefined;
  /** Whether the application may as well have none. */
  readonly isOptional: boolean;
}

/**
 * Asks for the application's secret, unseen, until the provider does not refuse it.
 *
 * @throws LogtoError `usage_invalid` when the input ended; `interrupted`
 */
export async function askAppSecret(
  context: CommandContext,
  { target, redirectUri, set, isOptional }: SecretQuestion,
): Promise<AskedSecret> {
  const { output } = context;
  let fallback = set;
  for (;;) {
    const enter =
      fallback !== undefined ? ' [Enter: the one that is set]' : isOptional ? ' [Enter: it has none]' : '';
    const typed = await askHidden(context, `Secret of the application, not shown${enter}: `);
    const secret = typed ?? fallback;
    if (secret === undefined) {
      if (isOptional) return { isForMachines: false };
      output.note('Nothing was typed. This application cannot be used without its secret.');
      continue;
    }
    const verdict = await judged(target, redirectUri, secret);
    if (verdict.verdict === 'refused') {
      output.warn(`${verdict.error.message} Copy it again.`);
      if (typed === null) fallback = undefined;
      continue;
    }
    output.note(words[verdict.verdict](verdict));
    if (verdict.verdict === 'not-wanted') return { isForMachines: false };
    return { ...(typed !== null && { typed }), isForMachines: verdict.verdict === 'machine' };
  }
}

const words: Readonly<Record<SecretVerdict['verdict'], (verdict: SecretVerdict) => string>> = {
  right: () => '✓ The secret is right',
  machine: () => '✓ The secret is right. It is a machine-to-machine application: nobody signs in with it',
  'not-wanted': () => 'The application has no secret: nothing of what was typed is kept.',
  unclear: (verdict) =>
    `Cannot tell whether the secret is right, because: ${'reason' in verdict ? verdict.reason : ''}`,
  refused: () => '',
};

async function judged(
  target: ProbeTarget,
  redirectUri: string,
  clientSecret: string,
): Promise<SecretVerdict> {
  try {
    checkSecretText(clientSecret, 'What was typed');
  } catch (error) {
    if (error instanceof LogtoError) return { verdict: 'refused', error };
    throw error;
  }
  return verdictOnSecret({ ...target, clientSecret }, redirectUri);
}
