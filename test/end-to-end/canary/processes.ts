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
    const generation = generationOf(pid, parents);
    if (generation === 0) continue;
    commandLines.add(file(pid, 'cmdline').replaceAll('\0', ' '));
    // Between fork and exec a process still looks like the one that started it.
    const isStarted = file(pid, 'cmdline') !== file(parent, 'cmdline');
    if (generation > 1 && isStarted) environments.add(file(pid, 'environ').replaceAll('\0', '\n'));
  }
}

/** 1 for what this process started, 2 for what that started; 0 for everybody else. */
function generationOf(pid: number, parents: ReadonlyMap<number, number>): number {
  let generation = 0;
  for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) {
    if (at === process.pid) return generation;
    generation += 1;
  }
  return 0;
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
