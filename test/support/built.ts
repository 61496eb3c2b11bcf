import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of one compiled module, for a process of the tests that needs that module and no program. */
export function built(path: string): string {
  return present(`build/${path}`);
}

/** The path of a file of what users get: the bundle of those modules, which the executable runs. */
export function published(path: string): string {
  return present(`dist/${path}`);
}

function present(path: string): string {
  const found = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (!existsSync(found)) throw new Error(`${found} is not there: npm run build`);
  return found;
}
