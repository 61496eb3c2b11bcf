import { readHtml } from '../../oidc/html.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { Page } from './application-visitor.js';
import type { TestedApplication } from './tested-application.js';

const goOn =
  'Answer the callback with a redirect (303) to a page of the application, so that its address with the code is left behind; and give that answer Referrer-Policy: no-referrer.';

/** Policies under which a page tells nobody more of its address than its origin. */
const silentPolicies = new Set(['no-referrer', 'origin', 'strict-origin']);
/** Policies under which other origins are told the whole address. */
const tellingPolicies = new Set(['unsafe-url', 'no-referrer-when-downgrade']);

/** Whether the page after the callback still has its address, code included: in its links, or as its own. */
export async function callbackStays(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  let codes: readonly string[] = [];
  const page = await visit.visitor.signIn({
    onCallback: (callback) => {
      codes = callback.searchParams.getAll('code');
      return callback;
    },
  });
  const [code] = codes;
  if (code === undefined) return skipped('No callback with a code was seen.');
  const targets = targetsOf(page).filter((target) => target.includes(code));
  const away = targets.find(
    (target) => !application.isApplication(target) && !application.isProvider(target),
  );
  if (away !== undefined) {
    return failed(
      `The page after the callback sends its code to ${new URL(away).origin}, which one of its links or pictures leads to.`,
      `Take the code out of what the page links to. ${goOn}`,
    );
  }
  if (targets.length > 0) {
    return warning(
      'The links of the page after the callback repeat its code.',
      `Make the links of a page from its path, without the query that it was asked for with. ${goOn}`,
    );
  }
  const policy = policyOf(page);
  const isThere = new URL(page.url).searchParams.get('code') === code;
  if (!isThere || silentPolicies.has(policy)) {
    return passed('The page after the callback has its code neither in links nor as a referrer.');
  }
  return warning(
    `The callback is answered with a page in its own place: its address with the code is the referrer of what that page asks for, ${
      tellingPolicies.has(policy) ? 'also elsewhere' : 'at the application itself'
    }.`,
    goOn,
  );
}

/** The addresses that a page leads to or loads from. */
function targetsOf({ text, url, headers }: Page): readonly string[] {
  if (!/html/i.test(headers.get('content-type') ?? '')) return [];
  const targets: string[] = [];
  for (const piece of readHtml(text)) {
    if (piece.kind !== 'open') continue;
    for (const name of ['href', 'src', 'action']) {
      const target = piece.attributes.get(name);
      if (target === undefined || !URL.canParse(target, url)) continue;
      const address = new URL(target, url);
      if (/^https?:$/.test(address.protocol)) targets.push(address.href);
    }
  }
  return targets;
}

/** The last policy that a page names, as browsers take it; empty where it names none. */
function policyOf({ text, headers }: Page): string {
  const known =
    /^(no-referrer(-when-downgrade)?|same-origin|(strict-)?origin(-when-cross-origin)?|unsafe-url)$/;
  let policy = '';
  const take = (names: string) => {
    for (const name of names.toLowerCase().split(',')) if (known.test(name.trim())) policy = name.trim();
  };
  take(headers.get('referrer-policy') ?? '');
  for (const piece of readHtml(text)) {
    if (piece.kind !== 'open' || piece.name !== 'meta') continue;
    if (piece.attributes.get('name')?.toLowerCase() === 'referrer')
      take(piece.attributes.get('content') ?? '');
  }
  return policy;
}
