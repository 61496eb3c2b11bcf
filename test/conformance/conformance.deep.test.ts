import { afterAll, describe, expect, it } from 'vitest';
import { basicPlan } from './basic-plan.js';
import { comprehensivePlan } from './comprehensive-plan.js';
import { configPlan } from './config-plan.js';
import { fapi2Plan } from './fapi2-plan.js';
import { logoutPlan } from './logout-plan.js';
import { inWords, runModule } from './module.js';
import { refreshPlan } from './refresh-plan.js';

const plans = [basicPlan, comprehensivePlan, configPlan, refreshPlan, logoutPlan, fapi2Plan];

/** What each module came to, by the names of its plan and its own: a test that is tried again has one row. */
const results = new Map<string, string>();

describe.each(named(plans))('%s', (_, plan) => {
  it.each(named(plan.modules))('%s', async (_, module) => {
    await runModule(module, (got) => results.set(`${plan.name} ${module.name}`, got));
    expect(results.get(`${plan.name} ${module.name}`)).toBe(wordsOf(module.expected));
  });
});

afterAll(() => {
  const rows = plans.flatMap((plan) => [
    ['', '', ''],
    [plan.name, 'expected', 'got'],
    ...plan.modules.map(({ name, expected }) => [
      `  ${name}`,
      wordsOf(expected),
      results.get(`${plan.name} ${name}`) ?? 'not run',
    ]),
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map(([module = '', expected = '', got = '']) =>
    `${module.padEnd(width(0))}  ${expected.padEnd(width(1))}  ${got}`.trimEnd(),
  );
  console.log(['The client test plans of the OpenID Foundation', ...lines].join('\n'));
});

/** With its whole name first, which a title would cut off. */
function named<T extends { readonly name: string }>(items: readonly T[]): [name: string, item: T][] {
  return items.map((item) => [item.name, item]);
}

function wordsOf(expected: (typeof basicPlan.modules)[number]['expected']): string {
  return typeof expected === 'string' ? expected : inWords(expected);
}
