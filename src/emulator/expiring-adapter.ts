import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Of one kind. More are never needed at once by tests or by a person, and an emulator may run for weeks. */
const maximumEntries = 10_000;
/** What remains after a clean-up, so that it is not needed again at once. */
const keptEntries = 9_000;

/** Seconds by which a kind is treated differently. */
export interface ExpiryRules {
  /** For how long what has been consumed counts as if it had not been. */
  readonly reuse?: number;
  /** For how long what has expired is still there, so that the engine can say that it has expired. */
  readonly afterlife?: number;
}

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Milliseconds since 1970, when it was consumed first. */
  consumedAt?: number;
}

/**
 * What the engine remembers of one kind (sessions, codes, tokens, grants…), in memory. What has expired is gone; when
 * there is too much, what was written longest ago goes first.
 */
export class ExpiringAdapter implements Adapter {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly rules: ExpiryRules = {}) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const seconds = (expiresIn ?? Number.POSITIVE_INFINITY) + (this.rules.afterlife ?? 0);
    // Deleted first: a map keeps the place of a key that it already has.
    this.#entries.delete(id);
    this.#entries.set(id, { payload, expiresAt: Date.now() + seconds * 1000 });
    if (this.#entries.size > maximumEntries) this.#shrink();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.expiresAt <= Date.now()) {
      this.#entries.delete(id);
      return undefined;
    }
    const { payload, consumedAt } = entry;
    const isConsumed = consumedAt !== undefined && Date.now() >= consumedAt + (this.rules.reuse ?? 0) * 1000;
    return isConsumed ? { ...payload, consumed: Math.floor(consumedAt / 1000) } : payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.userCode === userCode);
  }

  /** What is there, has not expired and was not consumed, the latest first. */
  get unused(): readonly AdapterPayload[] {
    const now = Date.now();
    const entries = [...this.#entries.values()].reverse();
    return entries
      .filter(({ payload, expiresAt, consumedAt }) => {
        const { exp = Number.POSITIVE_INFINITY } = payload;
        return consumedAt === undefined && Math.min(expiresAt, exp * 1000) > now;
      })
      .map(({ payload }) => payload);
  }

  async consume(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) entry.consumedAt ??= Date.now();
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.#entries) {
      if (payload.grantId === grantId) this.#entries.delete(id);
    }
  }

  async #findWhere(matches: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> {
    for (const [id, { payload }] of this.#entries) {
      if (matches(payload)) return this.find(id);
    }
    return undefined;
  }

  #shrink(): void {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.#entries) {
      if (expiresAt <= now) this.#entries.delete(id);
    }
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= keptEntries) break;
      this.#entries.delete(id);
    }
  }
}
