import type { Broken, Callers } from './truth.js';

/** What goes wrong at every provider, however it answers. */
export const changes = {
  unknownApplication: {
    title: 'an unknown application',
    changed: ({ publicApp }: Callers) => ({ ...publicApp, appId: 'nobody' }),
  },
  wrongSecret: {
    title: 'a wrong secret',
    changed: ({ confidentialApp }: Callers) => ({ ...confidentialApp, secret: 'not-the-secret' }),
  },
  missingSecret: {
    title: 'no secret for a confidential application',
    changed: ({ confidentialApp: { secret: _, ...rest } }: Callers) => rest,
  },
  surplusSecret: {
    title: 'a secret for a public application',
    changed: ({ publicApp }: Callers) => ({ ...publicApp, secret: 'not-asked-for' }),
  },
  otherRedirectUri: {
    title: 'a redirect URI that is not registered',
    changed: ({ publicApp }: Callers) => ({ ...publicApp, redirectUri: `${publicApp.redirectUri}/other` }),
  },
  unknownScope: {
    title: 'a scope that nobody knows',
    changed: ({ publicApp }: Callers) => ({ ...publicApp, args: ['--scope', 'nonsense'] }),
  },
  otherName: {
    title: 'another name of the host in the issuer',
    changed: ({ publicApp }: Callers) => ({
      ...publicApp,
      issuer: publicApp.issuer.replace('localhost', '127.0.0.1'),
    }),
  },
  otherPath: {
    title: 'a path that is not the issuer',
    changed: ({ publicApp }: Callers) => ({ ...publicApp, issuer: `${publicApp.issuer}/other` }),
  },
} as const satisfies Record<string, Pick<Broken, 'title' | 'changed'>>;
