import { readdirSync, readFileSync } from 'node:fs';

/** What other programs can see of ours while they run: command lines, and the environments of what ours started. */
export interface SeenProcesses {
  readonly commandLines: Set<string>;
  /** Of the processes that our programs started, not of our programs themselves. */
  readonly environments: Set<string>;
}

/** Looks at all processes again and again until it is stopped; sees nothing where there is no /proc. */
export function watchProcesses(): { readonly seen: SeenProcesses; stop(): void } {
  const seen: SeenProcesses = { commandLines: new Set(), environments: new Set() };
  const timer = setInterval(() => look(seen), 40);
  return { seen, stop: () => clearInterval(timer) };
}

function look({ commandLines, environments }: SeenProcesses): void {
  const parents = new Map<number, number>();
  for (const pid of read(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name))) {
    const [, parent] = /^.*\) \S+ (\d+)/s.exec(file(pid, 'stat')) ?? [];
    if (parent !== undefined) parents.set(Number(pid), Number(parent));
  }
  for (const [pid, parent] of parents) {
    const above = ancestors(pid, parents);
    if (!above.includes(process.pid)) continue;
    commandLines.add(file(pid, 'cmdline').replaceAll('\0', ' '));
    // Between fork and exec a process still looks like the one that started it.
    const isStarted = file(pid, 'cmdline') !== file(parent, 'cmdline');
    if (above.some(isOurs) && isStarted) environments.add(file(pid, 'environ').replaceAll('\0', '\n'));
  }
}

/** Those that lead to a process, the nearest first. */
function ancestors(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const found: number[] = [];
  for (let at = parents.get(pid); at !== undefined && !found.includes(at); at = parents.get(at))
    found.push(at);
  return found;
}

/** Whether it is our program, and not the terminal that it runs on. */
function isOurs(pid: number): boolean {
  const [command, script = ''] = file(pid, 'cmdline').split('\0');
  return command === process.execPath && script.endsWith('/bin/logto-cli.js');
}

function file(pid: number | string, name: string): string {
  return read(() => readFileSync(`/proc/${pid}/${name}`, 'utf8'), '');
}

/** Processes end while we look. */
function read<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
