import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ProviderProcess, providerFolder } from './provider-process.js';

/** Where the installation of this test run is; the reason when there is none. */
const [folderVariable, failureVariable] = ['LOGTO_CLI_TEST_NPM_PROVIDERS', 'LOGTO_CLI_TEST_NPM_FAILURE'];

/**
 * Installs the providers of npm into a temporary folder, once for a test run. Without a registry the run goes on, and
 * its tests say that they were skipped.
 */
export default async function setup(): Promise<() => void> {
  const folder = providerFolder();
  cpSync(fileURLToPath(new URL('npm', import.meta.url)), folder.path, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
  try {
    await promisify(execFile)('npm', ['install', ...quiet], { cwd: folder.path, timeout: 180_000 });
    process.env[folderVariable] = folder.path;
  } catch (error) {
    process.env[failureVariable] = error instanceof Error ? error.message : String(error);
  }
  return folder.remove;
}

/** Why there is no such installation; `null` when there is. */
export function npmProvidersMissing(): string | null {
  if (existsSync(join(process.env[folderVariable] ?? '', 'node_modules'))) return null;
  return `npm install in a copy of test/interop/npm: ${process.env[failureVariable] ?? 'not tried'}`;
}

/** Starts a script of `npm/` from that installation. */
export function startNpmProvider(
  script: string,
  args: readonly string[],
  readyAt: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProviderProcess> {
  const path = join(process.env[folderVariable] ?? '', script);
  return ProviderProcess.start({ command: process.execPath, args: [path, ...args], readyAt, environment });
}
