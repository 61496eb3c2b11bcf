import type { CheckResult } from '../run/check.js';
import { skipped } from '../run/check-results.js';
import { warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { judgeRefused } from './judge-refused.js';
import type { TestedApplication } from './tested-application.js';

/** What is put before or behind a parameter that is sound, and what the callback then has, within a sentence. */
const repetitions: readonly {
  readonly name: string;
  readonly place: 'before' | 'behind';
  readonly what: string;
}[] = [
  { name: 'state', place: 'before', what: 'another state before its own' },
  { name: 'state', place: 'behind', what: 'another state behind its own' },
  { name: 'code', place: 'before', what: 'another code before its own' },
  { name: 'code', place: 'behind', what: 'another code behind its own' },
];

/** Whoever reads the first one and whoever reads the last one read two different callbacks. */
async function takesRepeated(application: TestedApplication): Promise<CheckResult> {
  const hint =
    'Refuse a callback in which a parameter of the answer stands twice: hand it to the library as it came, not as a record that keeps one of them, or a list where a text is expected.';
  const taken: string[] = [];
  let result: CheckResult = skipped('No callback has a state or a code.');
  for (const { name, place, what } of repetitions) {
    const visit = await application.visit();
    let isRepeated = false;
    const page = await visit.visitor.signIn({
      onCallback: (callback) => {
        const sent = [...callback.searchParams];
        isRepeated = sent.some(([own]) => own === name);
        const further: [string, string] = [name, 'of-another-sign-in'];
        callback.search = String(
          new URLSearchParams(place === 'before' ? [further, ...sent] : [...sent, further]),
        );
        return callback;
      },
    });
    if (!isRepeated) continue;
    let isTaken = false;
    const own = await judgeRefused(visit, page, {
      what: `a callback with ${what}`,
      hint,
      taken: () => {
        isTaken = true;
        return warning('', hint);
      },
    });
    if (isTaken) taken.push(what);
    else if (own.outcome === 'failed') return own;
    else if (result.outcome !== 'warning') result = own;
  }
  return taken.length === 0
    ? result
    : warning(
        `A callback is taken that has ${taken.join(', and one that has ')}: of the two it goes by one, and others that read the same address may go by the other.`,
        hint,
      );
}

/** A callback in which something stands twice, which RFC 6749 allows nobody to send. */
export const repeatedCheck: ApplicationCheck = {
  id: 'callback.repeated',
  title: 'A callback with a parameter twice',
  clause: 'RFC 6749, 3.1',
  needs: ['sound.sign-in'],
  run: takesRepeated,
};
