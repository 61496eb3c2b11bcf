import { documentWithoutCommands, isLogRead } from './log-commands.js';
import { escaped, plainJson } from './plain-text.js';

/**
 * A JSON document as the text of a file that a person names. That may be the log itself (`/dev/stdout`), so that nothing in
 * it is obeyed there.
 */
export function jsonFileText(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const json = plainJson(value, 2);
  return `${isLogRead(environment) ? documentWithoutCommands(json, escaped) : json}\n`;
}
