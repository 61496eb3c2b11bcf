import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { providerFolder } from './provider-process.js';

/** Packages of npm that a test run installs for itself. */
export class NpmInstallation {
  readonly #folderVariable: string;
  readonly #failureVariable: string;

  /**
   * @param source of the packages, within this folder: its `package.json`, and its lockfile where versions of packages that
   * packages need matter too
   */
  constructor(private readonly source: string) {
    const name = source.toUpperCase().replaceAll(/\W/g, '_');
    this.#folderVariable = `LOGTO_CLI_TEST_NPM_${name}`;
    this.#failureVariable = `LOGTO_CLI_TEST_NPM_FAILURE_${name}`;
  }

  /** Where it is. */
  get folder(): string {
    return process.env[this.#folderVariable] ?? '';
  }

  /** Why there is none; `null` where there is one. */
  missing(): string | null {
    if (existsSync(join(this.folder, 'node_modules'))) return null;
    const why = process.env[this.#failureVariable] ?? 'not tried';
    return `npm install in a copy of test/interop/${this.source}: ${why}`;
  }

  /**
   * Installs them into a temporary folder, once for a test run. Without a registry the run goes on, and its tests say that
   * they were skipped.
   *
   * @returns what removes them
   */
  async install(): Promise<() => void> {
    const folder = providerFolder();
    cpSync(fileURLToPath(new URL(this.source, import.meta.url)), folder.path, { recursive: true });
    const isLocked = existsSync(join(folder.path, 'package-lock.json'));
    const command = isLocked ? ['ci'] : ['install', '--no-package-lock'];
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    try {
      await promisify(execFile)('npm', [...command, ...quiet], { cwd: folder.path, timeout: 180_000 });
      process.env[this.#folderVariable] = folder.path;
    } catch (error) {
      process.env[this.#failureVariable] = error instanceof Error ? error.message : String(error);
    }
    return folder.remove;
  }
}
