import type { ProviderGuide, ProviderVisit } from './misbehaving-provider.js';
import { PageTrail } from './page-trail.js';
import type { TestedBrowser, TestedCookie, TestedPage } from './tested-page.js';
import { firstLine, Untold } from './untold.js';

/** Milliseconds for a page to fall quiet, where it ever does. */
const quietLimit = 3000;

const openHint = 'Let newContext make a browser that reaches the application and the emulator.';

/** Nobody is signed in by what a browser asks on its own account. */
const shut: ProviderGuide = { isAnswered: () => false };

/** A page, and what it has asked for. */
export interface Tab<Page extends TestedPage> {
  readonly page: Page;
  readonly trail: PageTrail;
}

/**
 * How a step in a page ended. `held`: the provider let the browser come no further. `thrown`: with what whoever does it
 * threw. `late`: it did not end in time.
 */
export type StepEnd =
  | { readonly kind: 'done' | 'held' | 'late' }
  | { readonly kind: 'thrown'; readonly problem: string };

/** What is needed to open pages, and to give up on them. */
export interface PageBrowserParts<Page extends TestedPage> {
  readonly newContext: () => Promise<TestedBrowser<Page>>;
  /** Milliseconds that a step may take. */
  readonly timeLimit: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** One browser of somebody's own in a visit: its page, in which one step is done after the other. */
export class PageBrowser<Page extends TestedPage> {
  #context: Promise<TestedBrowser<Page>> | null = null;
  #tab: Promise<Tab<Page>> | null = null;
  #isEntered = false;
  /** What cookies say of `SameSite` where they are set, by name. */
  readonly sameSites = new Map<string, string | null>();

  /** @param planted cookies that it has from the first */
  constructor(
    private readonly parts: PageBrowserParts<Page>,
    private readonly provided: ProviderVisit,
    private readonly planted: readonly TestedCookie[] = [],
  ) {}

  context(): Promise<TestedBrowser<Page>> {
    this.#context ??= this.parts.newContext();
    return this.#context;
  }

  /** The page, in a browser that the provider knows as one of this visit. */
  tab(): Promise<Tab<Page>> {
    this.#tab ??= this.#open();
    return this.#tab;
  }

  /**
   * Does something in the page, up to its end or to where the provider holds the browser. Apart from steps, nothing is
   * answered at the provider.
   */
  async step(
    guide: ProviderGuide,
    work: (tab: Tab<Page>) => Promise<unknown>,
    timeLimit = this.parts.timeLimit,
  ): Promise<StepEnd> {
    const tab = await this.tab();
    tab.trail.forget();
    const over = new AbortController();
    const end = await new Promise<StepEnd>((resolve) => {
      const onCallback = async (callback: URL) => {
        const changed = guide.onCallback === undefined ? callback : await guide.onCallback(callback);
        if (changed === null) resolve({ kind: 'held' });
        return changed;
      };
      this.provided.setGuide({ ...guide, onCallback, onHeld: () => resolve({ kind: 'held' }) });
      work(tab).then(
        () => resolve({ kind: 'done' }),
        (error: unknown) => resolve({ kind: 'thrown', problem: firstLine(error) }),
      );
      this.parts.sleep(timeLimit, over.signal).then(() => resolve({ kind: 'late' }));
    });
    over.abort();
    this.provided.setGuide(shut);
    // Whoever still waits for something there would go on when it comes.
    if (end.kind === 'held' || end.kind === 'late') this.#leave(tab);
    return end;
  }

  /** Waits until a page asks for nothing any more, where it tells that. */
  async settle({ page }: Tab<Page>): Promise<void> {
    await page.waitForLoadState?.('networkidle', { timeout: quietLimit }).catch(() => {});
  }

  /** Ends it. */
  async close(): Promise<void> {
    const context = this.#context;
    this.#context = null;
    this.#tab = null;
    // One that is gone is closed.
    await context?.then((own) => own.close()).catch(() => {});
  }

  async #open(): Promise<Tab<Page>> {
    const isNew = !this.#isEntered;
    this.#isEntered = true;
    try {
      const context = await this.context();
      if (isNew && this.planted.length > 0) await context.addCookies?.([...this.planted]);
      const page = await context.newPage();
      if (isNew) await page.goto(this.provided.entrance);
      return { page, trail: new PageTrail(page, this.sameSites) };
    } catch (error) {
      throw new Untold(`No page could be opened: ${firstLine(error)}`, 'incomplete', openHint);
    }
  }

  #leave({ page }: Tab<Page>): void {
    this.#tab = null;
    // A browser may take its time for a page that is on its way elsewhere: it ends with its context at the latest.
    page.close().catch(() => {});
  }
}
