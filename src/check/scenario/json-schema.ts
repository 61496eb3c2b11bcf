import { isJsonObject } from '../../oidc/http-answer.js';

/** A rule on which members are there together: exactly one of these, or not all of those. */
export type MemberRule =
  | { readonly oneOf: readonly { readonly required: readonly [string] }[] }
  | { readonly not: { readonly required: readonly string[] } };

/** As much of JSON Schema (draft-07) as our own schemas are written in. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type: 'object' | 'array' | 'string' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly allOf?: readonly MemberRule[];
  /** What a member needs beside it. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Where a document is not what its schema says, and what is wrong there. It never repeats a value. */
export interface SchemaFault {
  /** Such as `scenarios[2].user.username`; empty for the document itself. */
  readonly path: string;
  readonly problem: string;
}

const kinds = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
} as const;

/** The first place at which a value is not what a schema says; `null` when there is none. */
export function schemaFault(value: unknown, schema: JsonSchema, path = ''): SchemaFault | null {
  if (!isKind(value, schema.type)) return { path, problem: `must be ${kinds[schema.type]}` };
  if (typeof value === 'string') return textFault(value, schema, path);
  if (Array.isArray(value)) {
    const { minItems = 0, items } = schema;
    if (value.length < minItems) return { path, problem: 'is empty' };
    return firstFault(value, (item, index) => items && schemaFault(item, items, `${path}[${index}]`));
  }
  return isJsonObject(value) ? objectFault(value, schema, path) : null;
}

function textFault(value: string, schema: JsonSchema, path: string): SchemaFault | null {
  const { minLength = 0, pattern, enum: words, description } = schema;
  if (value.length < minLength) return { path, problem: 'is empty' };
  if (words !== undefined && !words.includes(value)) {
    return { path, problem: `must be one of ${words.join(', ')}` };
  }
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return null;
  return { path, problem: `does not look like one: ${description}` };
}

function objectFault(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  path: string,
): SchemaFault | null {
  const { properties = {}, required = [], allOf = [], dependencies = {} } = schema;
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const has = (name: string) => Object.hasOwn(value, name);
  const names = Object.keys(value);
  const unknown = names.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined && schema.additionalProperties === false) {
    const known = `known here: ${Object.keys(properties).join(', ')}`;
    return { path: at(unknown), problem: `is not known (${known})` };
  }
  const missing = required.find((name) => !has(name));
  if (missing !== undefined) return { path: at(missing), problem: 'is missing' };
  return (
    firstFault(names, (name) => {
      const inner = properties[name];
      return inner && schemaFault(value[name], inner, at(name));
    }) ??
    firstFault(allOf, (rule) => ruleFault(rule, has, path)) ??
    firstFault(Object.entries(dependencies), ([name, needs]) => {
      const absent = has(name) ? needs.find((need) => !has(need)) : undefined;
      return absent === undefined ? null : { path: at(absent), problem: `is missing: ${name} needs it` };
    })
  );
}

function ruleFault(rule: MemberRule, has: (name: string) => boolean, path: string): SchemaFault | null {
  if ('not' in rule) {
    const { required } = rule.not;
    return required.every(has) ? { path, problem: `has both ${required.join(' and ')}` } : null;
  }
  const names = rule.oneOf.map(({ required: [name] }) => name);
  const amount = names.filter(has).length;
  if (amount === 1) return null;
  return {
    path,
    problem: `must have ${amount === 0 ? 'one' : 'only one'} of ${names.join(', ')}`,
  };
}

function firstFault<Item>(
  items: readonly Item[],
  look: (item: Item, index: number) => SchemaFault | null | undefined,
): SchemaFault | null {
  for (const [index, item] of items.entries()) {
    const fault = look(item, index);
    if (fault) return fault;
  }
  return null;
}

function isKind(value: unknown, type: JsonSchema['type']): boolean {
  if (type === 'object') return isJsonObject(value);
  return type === 'array' ? Array.isArray(value) : typeof value === type;
}
