import { onApplication } from '../../logto-console.js';
import { probeAuthorization } from '../../oidc/probe/authorization-probe.js';
import { probeEndSession } from '../../oidc/probe/end-session-probe.js';
import { type ProbeTarget, unknown, type Verdict } from '../../oidc/probe/probe.js';
import type { ProbedRequest } from '../../oidc/probe/probed-authorization.js';
import type { CommandContext } from '../../session/command-context.js';
import { worded } from '../../wording.js';
import { settled } from './application-kind.js';

/** Milliseconds between two questions to the provider: quick while somebody is likely to be saving, then polite. */
const intervals = { first: 3_000, later: 10_000, firstFor: 60_000 };

/** Milliseconds after which nobody is likely to come back. */
const patience = 600_000;

/** What comes of an address that is not registered. */
const consequences: Readonly<Record<AwaitedAddress['code'], string>> = {
  redirect_uri_not_registered: 'the sign-in fails, and says so',
  post_logout_redirect_uri_not_registered: 'no browser comes back here after a sign-out',
};

/** The addresses that have to be registered. */
export interface Registration {
  readonly request: ProbedRequest;
  readonly postLogoutRedirectUri: string;
  /** As whom to ask. */
  readonly target: ProbeTarget;
}

/** An address, and how it is asked about. */
interface AwaitedAddress {
  readonly uri: string;
  /** At Logto, and elsewhere. */
  readonly label: string;
  readonly code: 'redirect_uri_not_registered' | 'post_logout_redirect_uri_not_registered';
  readonly look: (signal: AbortSignal) => Promise<Verdict>;
}

/**
 * Shows the addresses that the provider does not have yet, and waits until it has them; Enter goes on without. What
 * nobody can tell is said, and not waited for.
 *
 * @throws LogtoError what else the provider refuses the request for; `interrupted`
 */
export async function awaitRegistration(context: CommandContext, registration: Registration): Promise<void> {
  const { output, runtime } = context;
  const { namedBy } = registration.target;
  const addresses = addressesOf(registration);
  const verdicts = await Promise.all(addresses.map(({ look }) => look(runtime.interruption)));
  const missing: AwaitedAddress[] = [];
  for (const [index, address] of addresses.entries()) {
    const verdict = verdicts[index] ?? unknown('it was not asked');
    if (verdict.verdict === 'accepted') output.note(`✓ ${address.uri} is registered (${address.label})`);
    else if (verdict.verdict === 'unknown') {
      output.note(
        `Cannot tell whether ${address.uri} is registered (${address.label}), because: ${verdict.reason} Register it, if it is not.`,
      );
    } else if (verdict.error.code === address.code) missing.push(address);
    // What stops a sign-out later stops no sign-in now.
    else if (address.code === 'redirect_uri_not_registered') throw verdict.error;
    else output.warn(verdict.error.message);
  }
  if (missing.length === 0) return;
  const place = {
    general: 'At the provider, register for the application:',
    logto: `Register, in ${onApplication()}:`,
  };
  output.note(worded(place, namedBy));
  for (const { label, uri } of missing) {
    output.note(`  ${label}:`);
    output.address(uri);
  }
  for (const address of missing) if (!(await wait(context, address))) return;
}

function addressesOf({ request, postLogoutRedirectUri, target }: Registration): readonly AwaitedAddress[] {
  const isLogto = target.namedBy === 'endpoint';
  return [
    {
      uri: request.redirectUri,
      label: isLogto ? 'Redirect URIs' : 'redirect URI',
      code: 'redirect_uri_not_registered',
      look: (signal) => {
        const own = { ...target, signal };
        return settled(own, probeAuthorization(own, request));
      },
    },
    {
      uri: postLogoutRedirectUri,
      label: isLogto ? 'Post sign-out redirect URIs' : 'post-logout redirect URI',
      code: 'post_logout_redirect_uri_not_registered',
      look: (signal) => {
        const own = { ...target, signal };
        return settled(own, probeEndSession(own, postLogoutRedirectUri));
      },
    },
  ];
}

/** Whether it was registered: false where Enter ended the wait, or nobody came. */
async function wait(
  { runtime, output }: CommandContext,
  { uri, code, look }: AwaitedAddress,
): Promise<boolean> {
  const { stdin, stderr, interruption } = runtime;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, interruption]);
  output.note(`Waiting for ${uri} to be registered… (Enter goes on without)`);
  const began = runtime.now();
  const show = () => stderr.status(`waiting · ${Math.round((runtime.now() - began) / 1000)} s · Enter skips`);
  let isSkipped = false;
  stdin.keys(
    {
      onTyped(typed) {
        if (!('key' in typed) || typed.key !== 'enter') return;
        isSkipped = true;
        over.abort();
      },
      onSuspend: () => stderr.status(null),
      onResume: show,
    },
    signal,
  );
  try {
    while (runtime.now() - began < patience) {
      const isEarly = runtime.now() - began < intervals.firstFor;
      const next = runtime.now() + (isEarly ? intervals.first : intervals.later);
      while (runtime.now() < next && !signal.aborted) {
        show();
        await runtime.sleep(1_000, signal);
      }
      if (signal.aborted) break;
      const verdict = await look(signal);
      if (verdict.verdict === 'refused' && verdict.error.code === code) continue;
      stderr.status(null);
      if (verdict.verdict === 'accepted') {
        output.note(`✓ ${uri} is registered`);
        return true;
      }
      // Trouble on the way is no answer.
      if (verdict.verdict === 'refused') throw verdict.error;
    }
  } catch (error) {
    if (!isSkipped) throw error;
  } finally {
    over.abort();
    stderr.status(null);
  }
  if (interruption.aborted) throw interruption.reason;
  output.note(
    isSkipped
      ? `Going on without: as long as the provider does not have it, ${consequences[code]}.`
      : `It was not registered within ${patience / 60_000} minutes. Going on.`,
  );
  return false;
}
