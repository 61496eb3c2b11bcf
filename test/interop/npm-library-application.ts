import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LibraryApplication } from './library-application.js';
import type { NpmInstallation } from './npm-installation.js';

/** What is to be known of an application on a library of npm. */
export interface NpmLibrary {
  readonly library: string;
  readonly installation: NpmInstallation;
  /** In `applications/`. */
  readonly script: string;
  readonly signOut: string;
  /** In which `{origin}` and `{port}` are the application's. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the sessions of applications are signed or encrypted with. */
export const sessionSecret = 'of-the-tests-only-and-longer-than-32-signs';

/** An application on a library of npm, with its Express. */
export function npmLibraryApplication({
  library,
  installation,
  script,
  signOut,
  environment,
}: NpmLibrary): LibraryApplication {
  const versionOf = (name: string): string => {
    const path = join(installation.folder, 'node_modules', name, 'package.json');
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  };
  return {
    library,
    missing: () => installation.missing(),
    version: () => `${versionOf(library)}, Express ${versionOf('express')}`,
    prepare(port) {
      const origin = `http://localhost:${port}`;
      const filled = (text: string) => text.replace('{origin}', origin).replace('{port}', String(port));
      // Packages are found from where a script is.
      const path = join(installation.folder, script);
      copyFileSync(fileURLToPath(new URL(`applications/${script}`, import.meta.url)), path);
      return {
        url: `${origin}/`,
        signOut,
        environment: Object.fromEntries(
          Object.entries(environment).map(([name, text]) => [name, filled(text)]),
        ),
        command: [process.execPath, path],
      };
    },
  };
}
