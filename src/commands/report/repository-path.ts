import { relative, resolve, sep } from 'node:path';
import type { Runtime } from '../../runtime.js';

/** A file as it is called in its repository, where GitHub says where that is; else from here. */
export function repositoryPath(file: string, environment: Runtime['environment']): string {
  const root = environment['GITHUB_WORKSPACE'];
  const path = relative(root ? resolve(root) : resolve('.'), resolve(file)).replaceAll(sep, '/');
  // What is elsewhere has no name in there.
  return path.startsWith('../') ? resolve(file).replaceAll(sep, '/') : path;
}
