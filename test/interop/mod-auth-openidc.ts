import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { debianVersion } from './debian-version.js';
import type { LibraryApplication } from './library-application.js';
import { sessionSecret } from './npm-library-application.js';
import { providerFolder } from './provider-process.js';

const apache = '/usr/sbin/apache2';
const modules = '/usr/lib/apache2/modules';

/** mod_auth_openidc, from Debian's packages, in an Apache of its own. */
export const modAuthOpenidc: LibraryApplication = {
  library: 'mod_auth_openidc',
  missing() {
    if (existsSync(apache) && existsSync(join(modules, 'mod_auth_openidc.so'))) return null;
    return 'apt-get install --no-install-recommends apache2-bin libapache2-mod-auth-openidc';
  },
  version: () => debianVersion('libapache2-mod-auth-openidc'),
  prepare(port) {
    const folder = providerFolder();
    onTestFinished(() => folder.remove());
    // Started as root it serves pages as somebody else, who has to get there.
    for (const path of [tmpdir(), folder.path]) if (process.getuid?.() === 0) chmodSync(path, 0o711);
    const protectedPages = join(folder.path, 'site', 'secure');
    mkdirSync(protectedPages, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder.path, 'site', 'index.html'), '<a href="/secure/">Sign in</a>', { mode: 0o644 });
    writeFileSync(join(protectedPages, 'index.html'), '<p>Hello <!--#echo var="REMOTE_USER" --></p>', {
      mode: 0o644,
    });
    const origin = `http://localhost:${port}`;
    return {
      url: `${origin}/secure/`,
      signOut: `/secure/redirect_uri?${new URLSearchParams({ logout: `${origin}/` })}`,
      backChannelLogout: '/secure/redirect_uri?logout=backchannel',
      environment: {
        PORT: String(port),
        FOLDER: folder.path,
        MODULES: modules,
        SESSION_SECRET: sessionSecret,
      },
      command: [
        apache,
        '-DFOREGROUND',
        '-f',
        fileURLToPath(new URL('applications/mod-auth-openidc.conf', import.meta.url)),
      ],
    };
  },
};
