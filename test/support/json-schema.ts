import { expect } from 'vitest';

// biome-ignore lint/suspicious/noExplicitAny: a schema is walked as what it is, a JSON document
type Json = any;

/**
 * Whether a schema allows a value, by the letter of JSON Schema (draft 2020-12): written apart from the program's own
 * reading. A keyword that the draft does not have, or that says nothing (`minimum` beside a text), is a failure.
 */
export function allows(schema: Json, value: Json): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const has = (name: string) => isObject && Object.hasOwn(value, name);
  const every = (members: Json, holds: (inner: Json, name: string) => boolean) =>
    Object.entries(members).every(([name, inner]) => holds(inner, name));
  const keywords: Readonly<Record<string, () => boolean>> = {
    type: () => schema.type === kind || (schema.type === 'integer' && Number.isInteger(value)),
    const: () => value === schema.const,
    enum: () => schema.enum.includes(value),
    minLength: () => kind !== 'string' || value.length >= schema.minLength,
    pattern: () => kind !== 'string' || new RegExp(schema.pattern, 'u').test(value),
    minimum: () => kind !== 'number' || value >= schema.minimum,
    maximum: () => kind !== 'number' || value <= schema.maximum,
    minItems: () => kind !== 'array' || value.length >= schema.minItems,
    maxItems: () => kind !== 'array' || value.length <= schema.maxItems,
    items: () => kind !== 'array' || value.every((item: unknown) => allows(schema.items, item)),
    required: () => !isObject || schema.required.every(has),
    properties: () => every(schema.properties, (inner, name) => !has(name) || allows(inner, value[name])),
    propertyNames: () => !isObject || Object.keys(value).every((name) => allows(schema.propertyNames, name)),
    additionalProperties: () =>
      !isObject ||
      Object.keys(value).every(
        (name) =>
          Object.hasOwn(schema.properties ?? {}, name) ||
          (schema.additionalProperties !== false && allows(schema.additionalProperties, value[name])),
      ),
    allOf: () => schema.allOf.every((inner: unknown) => allows(inner, value)),
    oneOf: () => schema.oneOf.filter((inner: unknown) => allows(inner, value)).length === 1,
    not: () => !allows(schema.not, value),
    dependentRequired: () => every(schema.dependentRequired, (needs, name) => !has(name) || needs.every(has)),
    // An assertion to no one: what a person or an editor makes of it.
    format: () => true,
    description: () => true,
    title: () => true,
    $schema: () => true,
  };
  return Object.keys(schema).every((keyword) => keywords[keyword]?.() ?? expect.unreachable(keyword));
}

/** The names of all members that a schema speaks of. */
export function memberNames({ properties = {}, items, oneOf = [] }: Json): string[] {
  const inner = [...Object.values(properties), ...(items ? [items] : []), ...oneOf];
  return [...Object.keys(properties), ...inner.flatMap(memberNames)];
}

/** The members that a schema does not describe, so that an editor has nothing to say of them. */
export function undescribed({ properties = {}, items, oneOf = [] }: Json): string[] {
  const silent = Object.entries<Json>(properties).flatMap(([name, inner]) => [
    ...('description' in inner || 'const' in inner || 'not' in inner ? [] : [name]),
    ...undescribed(inner),
  ]);
  return [...silent, ...(items ? undescribed(items) : []), ...oneOf.flatMap(undescribed)];
}
