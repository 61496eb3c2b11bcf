import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Of one kind. More are never needed at once by tests or by a person, and an emulator may run for weeks. */
const maximumEntries = 10_000;
/** What remains after a clean-up, so that it is not needed again at once. */
const keptEntries = 9_000;

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * What the engine remembers of one kind (sessions, codes, tokens, grants…), in memory. What has expired is gone; when
 * there is too much, what was written longest ago goes first.
 */
export class ExpiringAdapter implements Adapter {
  readonly #entries = new Map<string, Entry>();

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const expiresAt = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
    // Deleted first: a map keeps the place of a key that it already has.
    this.#entries.delete(id);
    this.#entries.set(id, { payload, expiresAt });
    if (this.#entries.size > maximumEntries) this.#shrink();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.expiresAt > Date.now()) return entry.payload;
    this.#entries.delete(id);
    return undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
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
