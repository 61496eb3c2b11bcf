import type { Provider } from 'oidc-provider/lib/provider.js';
import type { EmulatorApplication } from './seed.js';

/** The sign-in that a grant belongs to. */
interface LimitedGrant {
  readonly grantId: string;
  /** The session of its browser. */
  readonly sessionUid: string | undefined;
}

/**
 * Ends the oldest sign-ins of a user in an application that may have only so many (Logto's "Concurrent device limit"):
 * their tokens, and the sessions of their browsers.
 */
export class GrantLimit {
  readonly #limits: ReadonlyMap<string, number>;
  readonly #grants = new Map<string, readonly LimitedGrant[]>();

  constructor(applications: readonly EmulatorApplication[]) {
    this.#limits = new Map(
      applications.flatMap(({ appId, maxAllowedGrants: most }) =>
        most === undefined ? [] : [[appId, most] as const],
      ),
    );
  }

  /** Counts a grant that tokens have just been issued for. */
  async issued(provider: Provider, clientId: string, accountId: string, grant: LimitedGrant): Promise<void> {
    const most = this.#limits.get(clientId);
    if (most === undefined) return;
    const key = JSON.stringify([clientId, accountId]);
    const others = (this.#grants.get(key) ?? []).filter(({ grantId }) => grantId !== grant.grantId);
    const existing = await Promise.all(
      others.map(async (other) => ((await provider.Grant.find(other.grantId)) ? [other] : [])),
    );
    const all = [...existing.flat(), grant];
    this.#grants.set(key, all.slice(-most));
    for (const old of all.slice(0, -most)) await end(provider, old);
  }
}

async function end(provider: Provider, { grantId, sessionUid }: LimitedGrant): Promise<void> {
  const { AccessToken, RefreshToken, AuthorizationCode, DeviceCode, Grant, Session } = provider;
  for (const kind of [AccessToken, RefreshToken, AuthorizationCode, DeviceCode]) {
    await kind.revokeByGrantId(grantId);
  }
  await (await Grant.find(grantId))?.destroy();
  if (sessionUid !== undefined) await (await Session.findByUid(sessionUid))?.destroy();
}
