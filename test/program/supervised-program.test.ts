import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countedProcesses } from '../support/counted-processes.js';
import { isAlive } from '../support/is-alive.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A program with a child in its own process group, which write down who they are, and never end by themselves. */
const family = (folder: string, onTerm = '') => `
  const { spawn } = require('node:child_process');
  const { writeFileSync } = require('node:fs');
  ${onTerm}
  if (process.argv[1] === 'child') writeFileSync(${JSON.stringify(join(folder, 'child'))}, String(process.pid));
  else {
    writeFileSync(${JSON.stringify(join(folder, 'parent'))}, String(process.pid));
    spawn(process.execPath, ['-e', process.execArgv[1], 'child'], { stdio: 'inherit' });
    console.log('out ' + process.env.GIVEN);
    console.error('err');
  }
  setInterval(() => {}, 1000);
`;

const started: ChildProcess[] = [];
beforeEach(() => countedProcesses.atOnce(1));
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function supervise(program: string, args: readonly string[], given: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervising.js'), program, ...args], {
    env: { ...process.env, SUPERVISED: JSON.stringify(given) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  const closed = once(child, 'close');
  const saying = async (): Promise<unknown> => {
    await closed;
    return JSON.parse(said);
  };
  return { child, saying };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(10);
}

async function pidsIn(folder: string): Promise<readonly number[]> {
  const files = ['parent', 'child'].map((name) => join(folder, name));
  await until(() => files.every((file) => existsSync(file) && readFileSync(file, 'utf8') !== ''));
  return files.map((file) => Number(readFileSync(file, 'utf8')));
}

const isLinux = process.platform === 'linux';
describe.runIf(isLinux)('a program that runs beside us', () => {
  it('gets its environment, and is ended with what it started when we ask for that', async () => {
    const folder = await temporaryDirectory();
    const { child, saying } = supervise(process.execPath, ['-e', family(folder)], {
      GIVEN: 'secret',
      NODE_OPTIONS: '--no-warnings',
    });
    const pids = await pidsIn(folder);
    child.stdin?.write('end\n');
    expect(await saying()).toEqual({ ended: 'exit code 0', output: expect.stringContaining('out secret\n') });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'does not outlive us when %s ends us',
    async (signal) => {
      const folder = await temporaryDirectory();
      const { child, saying } = supervise(process.execPath, ['-e', family(folder)]);
      const pids = await pidsIn(folder);
      expect(pids.filter(isAlive)).toHaveLength(2);
      child.kill(signal);
      await saying().catch(() => {});
      await until(() => !pids.some(isAlive));
    },
  );

  it('is ended by force when it does not end', async () => {
    const folder = await temporaryDirectory();
    const { child, saying } = supervise(process.execPath, [
      '-e',
      family(folder, "process.on('SIGTERM', () => {});"),
    ]);
    const pids = await pidsIn(folder);
    child.stdin?.write('end\n');
    await saying();
    // Nor is it in the list of processes, where programs look whether they run already.
    expect(existsSync(`/proc/${pids[0]}`)).toBe(false);
    await until(() => !pids.some(isAlive));
  });

  it('says how it ended, with the end of what it printed, and takes along what it left behind', async () => {
    const folder = await temporaryDirectory();
    const left = `${family(folder)} setTimeout(() => { console.log('x'.repeat(90000) + ' last words'); process.exitCode = 3; process.kill(process.pid, 'SIGSEGV'); }, 300);`;
    const { saying } = supervise(process.execPath, ['-e', left]);
    const pids = await pidsIn(folder);
    const { ended, output } = (await saying()) as { ended: string; output: string };
    expect(ended).toMatch(/^signal SIG|^exit code/);
    expect(output).toMatch(/^ ?last words$|^err$|^out undefined$/m);
    expect(output).not.toContain('x');
    await until(() => !pids.some(isAlive));
  });

  it('is not started where there is none, and has ended where it cannot be', async () => {
    expect(await supervise('no-such-program', []).saying()).toMatchObject({ reason: 'not_found' });
    expect(await supervise(process.execPath, ['-e', 'process.exit(7)']).saying()).toMatchObject({
      ended: 'exit code 7',
    });
  });
});
