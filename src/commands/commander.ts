import { createRequire } from 'node:module';

/**
 * The argument parser. Its CommonJS form is loaded directly: going through its ES module costs every start of the
 * program a tenth more, since Node then searches the source for names to export.
 */
export const { Command, InvalidArgumentError, Option } = createRequire(import.meta.url)(
  'commander',
) as typeof import('commander');
