import { join } from 'node:path';
import { NpmInstallation } from './npm-installation.js';
import { ProviderProcess } from './provider-process.js';

const installation = new NpmInstallation('npm');

/** Installs the providers of npm, once for a test run. */
export default function setup(): Promise<() => void> {
  return installation.install();
}

/** Why there is no such installation; `null` when there is. */
export function npmProvidersMissing(): string | null {
  return installation.missing();
}

/** Starts a script of `npm/` from that installation. */
export function startNpmProvider(
  script: string,
  args: readonly string[],
  readyAt: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProviderProcess> {
  const path = join(installation.folder, script);
  return ProviderProcess.start({ command: process.execPath, args: [path, ...args], readyAt, environment });
}
