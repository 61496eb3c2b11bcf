import * as z from 'zod/mini';

/** Which members of an object are there together: for an editor, and for us. */
export interface MemberRule {
  readonly schema: Readonly<Record<string, unknown>>;
  /** What is wrong with an object that has these members, and at which one; `null` when nothing is. */
  readonly problem: (has: (name: string) => boolean) => { problem: string; at?: string } | null;
}

/** Exactly one of these members is there. */
export function exactlyOneOf(...names: readonly string[]): MemberRule {
  return {
    schema: { oneOf: names.map((name) => ({ required: [name] })) },
    problem: (has) => {
      const amount = names.filter(has).length;
      if (amount === 1) return null;
      return { problem: `must have ${amount === 0 ? 'one' : 'only one'} of ${names.join(', ')}` };
    },
  };
}

/** Not both of these members are there. */
export function notBoth(one: string, other: string): MemberRule {
  return {
    schema: { not: { required: [one, other] } },
    problem: (has) => (has(one) && has(other) ? { problem: `has both ${one} and ${other}` } : null),
  };
}

/** A member that is there needs another one beside it. */
export function needs(one: string, other: string): MemberRule {
  return {
    schema: { dependentRequired: { [one]: [other] } },
    problem: (has) =>
      has(one) && !has(other) ? { problem: `is missing: ${one} needs it`, at: other } : null,
  };
}

/** The schema of an object with rules on its members. */
export function withMemberRules<Schema extends z.ZodMiniObject>(
  schema: Schema,
  ...rules: readonly MemberRule[]
): Schema {
  return schema.check(
    z.meta({ ...z.globalRegistry.get(schema), allOf: rules.map((rule) => rule.schema) }),
    ({ value, issues }) => {
      for (const rule of rules) {
        const found = rule.problem((name) => Object.hasOwn(value, name));
        if (found === null) continue;
        issues.push({
          code: 'custom',
          input: value,
          message: found.problem,
          path: found.at === undefined ? [] : [found.at],
        });
      }
    },
  );
}
