import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { countedProcesses } from './counted-processes.js';
import { type ProcessPlaces, servePlaces, takePlaces } from './process-places.js';
import { runCommand } from './run-command.js';
import { temporaryDirectory } from './temporary-directory.js';

const quiet = { stdio: 'ignore' } as const;

describe('places for processes', () => {
  let places: ProcessPlaces;
  beforeEach(async () => {
    places = { socket: join(await temporaryDirectory(), 'places'), count: 3 };
    onTestFinished(await servePlaces(places));
  });

  /** Asks for places, and notes when they have come. */
  function asking(wanted: number, name: string, come: string[]): Promise<() => void> {
    const asked = takePlaces(places, wanted);
    asked.then(() => come.push(name));
    return asked;
  }

  it('are no more than there are, and one that is given back is the next one’s', async () => {
    const given = await Promise.all([1, 1, 1].map((wanted) => takePlaces(places, wanted)));
    const come: string[] = [];
    const [fourth, fifth] = [asking(1, 'fourth', come), asking(1, 'fifth', come)];
    await delay(50);
    expect(come).toEqual([]);
    given[0]?.();
    await fourth;
    await delay(50);
    expect(come).toEqual(['fourth']);
    given[1]?.();
    await fifth;
  });

  it('come all at once, and nobody who asks later is served before', async () => {
    const first = await takePlaces(places, 1);
    const come: string[] = [];
    const [whole, late] = [asking(3, 'whole', come), asking(1, 'late', come)];
    await delay(50);
    expect(come).toEqual([]);
    first();
    (await whole)();
    await late;
    expect(come).toEqual(['whole', 'late']);
  });

  it('are free again when their owner is killed, or is no longer waiting', async () => {
    const script = `const place = require('node:net').connect(process.argv[1], () => console.log('asks'));
      place.write('2');
      place.on('data', () => console.log('holds'));`;
    await countedProcesses.atOnce(2);
    const asker = async (says: string) => {
      const child = spawn(process.execPath, ['-e', script, places.socket], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let said = '';
      child.stdout.on('data', (text) => {
        said += String(text);
      });
      await expect.poll(() => said, { timeout: 20_000 }).toContain(says);
      return child;
    };
    const owner = await asker('holds');
    const waiter = await asker('asks');
    for (const child of [waiter, owner]) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await takePlaces(places, 3);
  });

  it('cannot be more than all', async () => {
    await expect(takePlaces(places, 4)).rejects.toThrow('3 processes at once at most, not 4');
  });
});

describe('the processes of npm test', () => {
  it('have eight places', () => {
    expect(inject('processPlaces').count).toBe(8);
  });

  it('fail their test when they were started without a place', async () => {
    const child = spawn(process.execPath, ['--version'], quiet);
    await once(child, 'exit');
    expect(countedProcesses.takeUncounted()).toEqual([`${process.execPath} --version`]);
    // Whatever starts them, and one too many as well.
    await countedProcesses.atOnce(1);
    const children = [spawn('true', quiet), spawn('true', ['too', 'many'], quiet)];
    await Promise.all(children.map((one) => once(one, 'exit')));
    expect(countedProcesses.takeUncounted()).toEqual(['true too many']);
  });

  it('are refused beside another one, unless the test has taken places for both', async () => {
    const first = runCommand('sleep', ['0.2']);
    await expect(runCommand('true', [])).rejects.toThrow('await countedProcesses.atOnce(2)');
    expect((await first).status).toBe(0);
    await countedProcesses.atOnce(2);
    const both = await Promise.all([runCommand('true', []), runCommand('true', [])]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    await expect(countedProcesses.atOnce(3)).rejects.toThrow('begins with');
  });

  it('give their place back when one cannot be started', async () => {
    await expect(runCommand('/nonexistent/program', [])).rejects.toThrow('ENOENT');
    expect((await runCommand('true', [])).status).toBe(0);
  });
});
