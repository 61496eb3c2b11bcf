import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { debianVersion } from './debian-version.js';
import type { LibraryApplication } from './library-application.js';
import { sessionSecret } from './npm-library-application.js';

const python = '/usr/bin/python3';
const needed = ['python3-flask', 'python3-authlib', 'python3-requests'];

/** Flask with Authlib, from Debian's packages, with the distribution's own Python. */
export const flaskAuthlib: LibraryApplication = {
  library: 'Authlib',
  missing() {
    const areThere = ['flask', 'authlib', 'requests'].every((name) =>
      existsSync(`/usr/lib/python3/dist-packages/${name}`),
    );
    return areThere && existsSync(python)
      ? null
      : `apt-get install --no-install-recommends ${needed.join(' ')}`;
  },
  version: () => `${debianVersion('python3-authlib')}, Flask ${debianVersion('python3-flask')}`,
  prepare: (port) => ({
    url: `http://localhost:${port}/`,
    signOut: '/logout',
    environment: { PORT: String(port), SESSION_SECRET: sessionSecret, PYTHONDONTWRITEBYTECODE: '1' },
    command: [python, fileURLToPath(new URL('applications/flask-authlib.py', import.meta.url))],
  }),
};
