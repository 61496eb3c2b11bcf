import * as z from 'zod/mini';

/** A rule beside the kind of a value. */
export type Rule<Value> = z.core.CheckFn<Value> | z.core.$ZodCheck<Value>;

/** Levels of lists and objects in what we do not look into: writing it out must end. */
const deepest = 100;

/** An object with these members and no other. One that is not known is told with those that are. */
export function record<const Members extends z.core.$ZodLooseShape>(members: Members, description?: string) {
  const known = Object.keys(members).join(', ');
  const schema = z.strictObject(members, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys' ? `is not known (known here: ${known})` : missingOr(input, 'an object'),
  });
  return description === undefined ? schema : schema.check(z.describe(description));
}

/** An object with any members. */
export function anyRecord(description: string) {
  return z
    .record(z.string(), z.unknown(), 'must be an object')
    .check(z.refine(isShallow, `is nested more than ${deepest} levels deep`), z.describe(description));
}

/** A list of such items. */
export function list<Item extends z.core.SomeType>(
  item: Item,
  description: string,
  ...rules: readonly Rule<z.core.output<Item>[]>[]
) {
  return z
    .array(item, { error: ({ input }) => missingOr(input, 'a list') })
    .check(...rules, z.describe(description));
}

/** A text that is not empty. */
export function text(description: string, ...rules: readonly Rule<string>[]) {
  const problem = 'must be a text that is not empty';
  return z.string(problem).check(z.minLength(1, problem), ...rules, z.describe(description));
}

/** One of several words. */
export function oneOf<const Word extends string>(words: readonly Word[], description: string) {
  return z.enum(words, `must be one of ${words.join(', ')}`).check(z.describe(description));
}

/** True or false. */
export function flag(description: string) {
  return z.boolean('must be true or false').check(z.describe(description));
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number, description: string) {
  const problem = `must be a whole number from ${least} to ${most}`;
  return z.int(problem).check(z.minimum(least, problem), z.maximum(most, problem), z.describe(description));
}

function missingOr(input: unknown, kind: string): string {
  return input === undefined ? 'is missing' : `must be ${kind}`;
}

function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= deepest; depth += 1) {
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
    if (level.length === 0) return true;
  }
  return false;
}
