import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Crash, CrashSite, type Moment } from './crash-site.js';
import { type Journey, journeys } from './journeys.js';

/** The whole measure, of minutes, takes every step and random moments as well; the usual one every other step. */
const isWhole = process.env['LOGTO_CLI_TEST_STRESS'] === 'whole';
const randomKills = isWhole ? 100 : 0;

const sites: CrashSite[] = [];
beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) sites.push(await CrashSite.open());
});
afterAll(async () => {
  await Promise.all(sites.map((site) => site.close()));
});

describe.each(journeys)('$name, killed step by step', (journey) => {
  it('leaves the old session or the new one, whole, and nothing that holds up the next command', {
    timeout: 900_000,
  }, async () => {
    const { steps, took } = await first(sites).measure(journey);
    const moments = [...momentsOf(journey, steps.length), ...randomMoments(took)];
    const crashes = await atAll(journey, moments);
    process.stdout.write(`${summary(crashes)}\n`);
    expect(crashes.filter(({ broken }) => broken.length > 0)).toEqual([]);
    // Before the first step and after the last one, if at no other.
    expect(new Set(crashes.map(({ stored }) => stored))).toContain(journey.leaves);
    expect(crashes.filter(({ killed }) => killed).length).toBeGreaterThanOrEqual(
      Math.floor(steps.length / 2),
    );
  });
});

function momentsOf({ requests, browse }: Journey, steps: number): readonly Moment[] {
  const numbers = Array.from({ length: steps }, (_, index) => index + 1);
  const chosen = isWhole ? numbers : numbers.filter((number) => (steps - number) % 2 === 0);
  return [
    ...chosen.map((number): Moment => ({ kind: 'disk', number })),
    ...requests.flatMap((step): Moment[] => [
      { kind: 'request', step },
      { kind: 'answer', step },
    ]),
    ...(browse === null ? [] : ([{ kind: 'waiting' }, { kind: 'browsed' }] as const)),
  ];
}

/** @param took milliseconds of a run that nobody disturbs */
function randomMoments(took: number): readonly Moment[] {
  return Array.from({ length: randomKills }, () => ({ kind: 'time', milliseconds: Math.random() * took }));
}

/** Kills at all of them, on several sites at a time. */
async function atAll(journey: Journey, moments: readonly Moment[]): Promise<readonly Crash[]> {
  const left = [...moments];
  const crashes: Crash[] = [];
  await Promise.all(
    sites.map(async (site) => {
      for (let moment = left.shift(); moment !== undefined; moment = left.shift())
        crashes.push(await site.crash(journey, moment));
    }),
  );
  return crashes;
}

function summary(crashes: readonly Crash[]): string {
  const count = (isMeant: (crash: Crash) => boolean) => crashes.filter(isMeant).length;
  const slowest = Math.round(Math.max(...crashes.map(({ nextTook }) => nextTook)));
  return (
    `${crashes[0]?.journey}, killed ${count(({ killed }) => killed)} times: ` +
    `${count(({ stored }) => stored === 'old')} found the old session, ${count(({ stored }) => stored === 'new')} the ` +
    `new one, ${count(({ stored }) => stored === 'none')} none; ${count(({ answerLost }) => answerLost)} lost an ` +
    `answer in flight; the next command took ${slowest} ms at most`
  );
}

function first<T>([item]: readonly T[]): T {
  if (item === undefined) throw new Error('there is none');
  return item;
}
