import { InvalidArgumentError } from '../commander.js';

/** One of the parts that a file of scenarios is run in, each perhaps on a machine of its own. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** More machines than anybody lets sign in at once. */
const most = 1000;

/** Reads `2/5`, or refuses the option's value. */
export function readShard(value: string): Shard {
  const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(value) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of && shard.of <= most) return shard;
  throw new InvalidArgumentError(
    `It takes <part>/<parts>, such as 2/5: parts up to ${most}, counted from 1.`,
  );
}

/**
 * The items of one part. Each is in exactly one, the parts differ by one item at most, and an item that is added at the end
 * moves no other. There may be more parts than items: then some are empty.
 */
export function inShard<Item>(items: readonly Item[], { number, of }: Shard): readonly Item[] {
  return items.filter((_, index) => index % of === number - 1);
}

/** The part as it is written. */
export function shardText({ number, of }: Shard): string {
  return `${number}/${of}`;
}
