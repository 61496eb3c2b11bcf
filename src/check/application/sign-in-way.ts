import type { BrowserRequest } from '../../headless/follow.js';
import { formRequest, type HtmlForm, pressed, readForms, readLinks } from '../../headless/html-form.js';
import type { VisitedPage } from '../../headless/visitor.js';

/** A link or a form of a page, known again by where it leads and, a form, by its fields. */
export interface WayStep {
  readonly kind: 'link' | 'form';
  /** Origin and path of its target. */
  readonly target: string;
  /** The names of a form's fields, and its button. */
  readonly fields: string;
}

/** What is clicked on the way from the start page to the provider, page by page; empty where it leads there by itself. */
export type SignInWay = readonly WayStep[];

/** What a page offers to click, and what a click sends. */
export interface Offer {
  readonly step: WayStep;
  readonly request: BrowserRequest;
}

/** Clicks that are tried on one page. */
const mostOffers = 12;
/** Pages between the start and the provider. */
const mostSteps = 2;

const signInWords = /sign[\s_-]*in|log[\s_-]*(in|on)|auth|oidc|sso|logto|connect|account|continue/i;
/** Nobody wants these clicked. */
const harmfulWords = /sign[\s_-]*(out|off)|log[\s_-]*(out|off)|delete|remove|unsubscribe/i;

/**
 * Finds the way from a page to the provider by following what it offers, each in a browser of its own.
 *
 * @param walk follows a way in a new browser, from the start, and stops before the provider
 * @param isFound whether a page is where the provider would have been asked
 * @returns the way, and where it stopped; `null` where nothing within two clicks leads to the provider
 */
export async function findWay(
  walk: (way: SignInWay) => Promise<VisitedPage>,
  isFound: (page: VisitedPage) => boolean,
): Promise<{ readonly way: SignInWay; readonly page: VisitedPage } | null> {
  let ways: readonly SignInWay[] = [[]];
  const seen = new Set<string>();
  for (let steps = 0; steps <= mostSteps; steps += 1) {
    const longer: SignInWay[] = [];
    for (const way of ways) {
      const page = await walk(way);
      if (isFound(page)) return { way, page };
      if (page.end !== 'page') continue;
      for (const { step } of offersOf(page)) {
        const name = JSON.stringify(step);
        if (!seen.has(name)) longer.push([...way, step]);
        seen.add(name);
      }
    }
    ways = longer;
  }
  return null;
}

/** What a click on this sends; `null` where the page does not offer it. */
export function clickOn(step: WayStep, page: VisitedPage): BrowserRequest | null {
  return allOffers(page).find((offer) => isSame(offer.step, step))?.request ?? null;
}

/** What is worth a click, the likeliest first. */
function offersOf(page: VisitedPage): readonly Offer[] {
  const { origin } = new URL(page.url);
  return allOffers(page)
    .filter(({ label, step }) => !harmfulWords.test(`${label} ${step.target}`))
    .map((offer) => ({ offer, rank: rankOf(offer, origin) }))
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, mostOffers)
    .map(({ offer }) => offer);
}

function rankOf({ label, step }: Labelled, origin: string): number {
  const isLikely = signInWords.test(label) || signInWords.test(step.target.slice(origin.length));
  return isLikely ? 0 : step.kind === 'form' ? 1 : 2;
}

interface Labelled extends Offer {
  readonly label: string;
}

function allOffers({ text, url }: VisitedPage): readonly Labelled[] {
  const links = readLinks(text).flatMap(({ target, label }): Labelled[] => {
    const address = URL.canParse(target, url) ? new URL(target, url) : null;
    if (address === null || !/^https?:$/.test(address.protocol) || target.startsWith('#')) return [];
    const step = { kind: 'link', target: address.origin + address.pathname, fields: '' } as const;
    return [{ step, label, request: { url: address.href, from: url } }];
  });
  const forms = readForms(text).flatMap((form): Labelled[] => {
    const request = isClickable(form) ? formRequest(pressed(form), url) : null;
    if (request === null) return [];
    const { origin, pathname } = new URL(request.url);
    const fields = [form.method, ...form.fields.keys(), ...(form.button ?? [])].join();
    return [{ step: { kind: 'form', target: origin + pathname, fields }, label: form.label, request }];
  });
  return [...links, ...forms];
}

/** Nothing has to be filled in. */
function isClickable({ hidden, fields }: HtmlForm): boolean {
  return hidden || fields.size === 0;
}

function isSame(one: WayStep, other: WayStep): boolean {
  return one.kind === other.kind && one.target === other.target && one.fields === other.fields;
}
