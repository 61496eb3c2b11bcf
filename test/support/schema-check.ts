import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';

const require = createRequire(import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(require.resolve(path), 'utf8'));

/** What is wrong with a document by the schema of SARIF 2.1.0, as Microsoft publishes it for its own tests. */
export function sarifFaults(document: unknown): readonly string[] {
  const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true });
  ajv.addMetaSchema(read('ajv/lib/refs/json-schema-draft-04.json'));
  return faults(ajv, read('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), document);
}

/** What is wrong with a document by the schema of HAR 1.2. */
export function harFaults(document: unknown): readonly string[] {
  const ajv = new Ajv({ allErrors: true });
  ajv.addMetaSchema(read('ajv/lib/refs/json-schema-draft-06.json'));
  // Its schemas by name, and no types.
  for (const schema of Object.values<object>(require('har-schema'))) ajv.addSchema(schema);
  return faults(ajv, { $ref: 'har.json#' }, document);
}

function faults(ajv: Ajv.Ajv, schema: object, document: unknown): readonly string[] {
  ajv.validate(schema, document);
  return (ajv.errors ?? []).map(
    ({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`,
  );
}
