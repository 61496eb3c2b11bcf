import { NpmInstallation } from './npm-installation.js';

/** The libraries of npm, with either Express. */
export const npmApplications = {
  express4: new NpmInstallation('applications/express-4'),
  express5: new NpmInstallation('applications/express-5'),
} as const;

/** Installs them, once for a test run. */
export default async function setup(): Promise<() => void> {
  const removals = await Promise.all(
    Object.values(npmApplications).map((installation) => installation.install()),
  );
  return () => {
    for (const remove of removals) remove();
  };
}
