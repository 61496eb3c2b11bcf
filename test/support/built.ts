import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file of the built program, which `npm test` makes first. */
export function built(path: string): string {
  const found = fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
  if (!existsSync(found)) throw new Error(`${found} is not there: npm run build`);
  return found;
}
