import * as z from 'zod/mini';

/** Where a document is not what its schema says, and what is wrong there. It never repeats a value. */
export interface SchemaFault {
  /** Such as `scenarios[2].user.username`; empty for the document itself. */
  readonly path: string;
  readonly problem: string;
}

/**
 * The first place at which a value is not what a schema says; `null` when there is none. The value itself is what is
 * used then, not a copy that lacks a member named `__proto__`.
 */
export function schemaFault(value: unknown, schema: z.ZodMiniType): SchemaFault | null {
  // Only one is told. Looking for all of them in a file of megabytes would exceed the stack.
  const untilFirst: z.core.ParseContext<z.core.$ZodIssue> & { abortEarly: true } = { abortEarly: true };
  const issues = schema.safeParse(value, untilFirst).error?.issues ?? [];
  for (const issue of issues) {
    // What else is wrong may be so because a member has a wrong name.
    if (issue.code === 'unrecognized_keys') return faultAt([...issue.path, issue.keys[0] ?? ''], issue);
  }
  return issues[0] ? faultAt(issues[0].path, issues[0]) : null;
}

/** A schema as a document (JSON Schema, draft 2020-12), for editors. */
export function jsonSchemaOf(schema: z.ZodMiniType, title: string): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { ...($schema && { $schema }), title, ...rest };
}

function faultAt(path: readonly PropertyKey[], { message }: z.core.$ZodIssue): SchemaFault {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return { path: steps.join('').replace(/^\./, ''), problem: message };
}
