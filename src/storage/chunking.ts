import { setTimeout as sleep } from 'node:timers/promises';
import { LogtoError } from '../errors.js';
import type { Storage } from './storage.js';

/** Every item that is not a value itself begins so; a value that does is split, however short, to tell them apart. */
const headerMark = 'logto-cli:parts:';

/** How often a reader or a writer starts again when a sibling changes the value meanwhile. */
const attempts = 6;

/** The item under the value's own name, when the value itself is in parts. */
interface Header {
  /** Parts of a new value are written to the slot that the present one does not use. */
  readonly slot: 'a' | 'b';
  readonly parts: number;
  /** Bytes of UTF-8. */
  readonly length: number;
  readonly sha256: string;
}

/**
 * Keeps values of any length in a store that limits the length of an item: a longer value is split over several
 * items behind a header.
 *
 * A reader sees the old value or the new one, never a mixture: parts are written to the free one of two slots before
 * the header is switched, and a header names the hash of the whole. There being two slots only, what a writer that
 * died left behind is found, and removed, by the next write or deletion of that name.
 *
 * Writers are expected to take a lock. Without one, a writer that finds after its work that a sibling has spoiled the
 * value starts again: whoever changes an item last looks at the outcome after that, so all ends with one whole value.
 */
export class ChunkedStorage implements Storage {
  readonly #items: Storage;
  readonly #limit: number;

  /**
   * @param items keeps the items; their names are the given ones, which have no `#`, and `<name>#a0` and so on
   * @param limit bytes of UTF-8 that an item can have, at least 200 (a header has to fit)
   */
  constructor(items: Storage, limit: number) {
    this.#items = items;
    this.#limit = limit;
  }

  async get(name: string): Promise<string | null> {
    for (let attempt = 1; ; attempt += 1) {
      const item = await this.#items.get(name);
      if (item === null || !item.startsWith(headerMark)) return item;
      const header = parseHeader(item);
      const value = header && (await this.#join(name, header));
      if (value !== null) return value;
      if (attempt === attempts) throw corrupt(name);
      await sleep(10 * attempt);
    }
  }

  async set(name: string, value: string): Promise<void> {
    const bytes = Buffer.from(value);
    const fits = bytes.length <= this.#limit && !value.startsWith(headerMark);
    await this.#untilWhole(name, async (present) => {
      if (!fits) return await this.#write(name, bytes, present);
      await this.#items.set(name, value);
      await this.#trim(name, 'a', 0, present);
      await this.#trim(name, 'b', 0, present);
    });
  }

  async delete(name: string): Promise<void> {
    await this.#untilWhole(name, async (present) => {
      await this.#items.delete(name);
      await this.#trim(name, 'a', 0, present);
      await this.#trim(name, 'b', 0, present);
    });
  }

  /** Looks at the outcome of a change, and makes the change again when it and a sibling's have spoiled each other. */
  async #untilWhole(name: string, change: (present: Header | null) => Promise<void>): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      await change(parseHeader(await this.#items.get(name)));
      try {
        await this.get(name);
        return;
      } catch (error) {
        if (!(error instanceof LogtoError) || error.code !== 'storage_corrupt') throw error;
      }
      await sleep(Math.random() * 50 * attempt);
    }
    throw new LogtoError(
      'storage_failed',
      'Other processes kept changing a stored value while it was written.',
      'Let one process at a time write this profile, then try again.',
    );
  }

  async #write(name: string, bytes: Buffer, present: Header | null): Promise<void> {
    const [slot, other] = present?.slot === 'a' ? (['b', 'a'] as const) : (['a', 'b'] as const);
    const parts = split(bytes, this.#limit);
    for (const [index, part] of parts.entries()) await this.#items.set(partName(name, slot, index), part);
    const header: Header = { slot, parts: parts.length, length: bytes.length, sha256: hash(bytes) };
    await this.#items.set(name, headerMark + JSON.stringify(header));
    await this.#trim(name, slot, parts.length, present);
    await this.#trim(name, other, 0, present);
  }

  /** The value that a header announces, or `null` when its parts are not there as announced. */
  async #join(name: string, header: Header): Promise<string | null> {
    const parts: string[] = [];
    for (let index = 0; index < header.parts; index += 1) {
      const part = await this.#items.get(partName(name, header.slot, index));
      if (part === null) return null;
      parts.push(part);
    }
    const value = parts.join('');
    const bytes = Buffer.from(value);
    return bytes.length === header.length && hash(bytes) === header.sha256 ? value : null;
  }

  /**
   * Removes parts from an index on: those that the replaced header knew and any that follow. They are removed from the
   * last one down, so that a crash leaves no gap.
   */
  async #trim(name: string, slot: Header['slot'], from: number, replaced: Header | null): Promise<void> {
    let end = replaced?.slot === slot ? Math.max(from, replaced.parts) : from;
    while ((await this.#items.get(partName(name, slot, end))) !== null) end += 1;
    while (end > from) {
      end -= 1;
      await this.#items.delete(partName(name, slot, end));
    }
  }
}

function partName(name: string, slot: Header['slot'], index: number): string {
  return `${name}#${slot}${index}`;
}

/** Cuts UTF-8 into texts of at most `limit` bytes; no character is cut in two. */
function split(bytes: Buffer, limit: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + limit, bytes.length);
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}

function parseHeader(item: string | null): Header | null {
  if (!item?.startsWith(headerMark)) return null;
  try {
    const header = JSON.parse(item.slice(headerMark.length)) as Header;
    const isHeader = /^[ab]$/.test(header.slot) && header.parts > 0 && header.parts < 1e6;
    return isHeader ? header : null;
  } catch {
    return null;
  }
}

function hash(bytes: Buffer): string {
  // Loading node:crypto takes time, and only Windows ever comes here.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(bytes).digest('hex');
}

function corrupt(name: string): LogtoError {
  return new LogtoError(
    'storage_corrupt',
    `The parts of the stored value ${JSON.stringify(name)} do not belong together.`,
    'Sign in again: that replaces them.',
  );
}
