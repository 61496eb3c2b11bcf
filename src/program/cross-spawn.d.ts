/** What is used of the package, which has no types of its own. */
declare module 'cross-spawn' {
  import type { ChildProcess, SpawnOptions } from 'node:child_process';

  export default function spawn(file: string, args: string[], options: SpawnOptions): ChildProcess;
}
