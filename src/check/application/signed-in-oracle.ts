import { visibleText } from '../../oidc/html.js';
import type { Page, SignedIn } from './application-visitor.js';
import type { ProviderUser } from './misbehaving-provider.js';
import { clickOn, type SignInWay } from './sign-in-way.js';

/** What is looked at in a page that tells whether somebody is signed in. */
export interface LookOptions {
  readonly way: SignInWay;
  readonly isProvider: (address: string) => boolean;
  readonly signedInText?: string;
}

/** What a page tells about who is signed in. */
interface Features {
  readonly status: number;
  /** Where it ended, without a query; `provider` at the provider. */
  readonly place: string;
  /** Whether the way to the provider begins there. */
  readonly offersSignIn: boolean;
  readonly hasText: boolean;
}
type FeatureName = keyof Features;

/**
 * Knows signed-in pages from those that a stranger sees, by having seen both. What it compares with is the stranger's: who
 * no longer sees that one is signed in, also as nobody by name.
 */
export class SignedInOracle {
  readonly #stranger: Features;
  readonly #strangersText: string;
  /** The features by which the two differ. */
  readonly decisive: readonly FeatureName[];
  /** The user's words that only the signed-in page says. */
  readonly words: readonly string[];
  /** Whether what the page says may be compared as a whole: two strangers were told the same, and the user was not. */
  readonly isTextTelling: boolean;

  /**
   * @param strangers two pages, of two strangers
   * @param signedIn that of the user, after a sound sign-in
   */
  constructor(
    private readonly options: LookOptions,
    strangers: readonly [Page, Page],
    signedIn: Page,
    user: ProviderUser,
  ) {
    const [one, other] = strangers.map((page) => this.#features(page)) as [Features, Features];
    const own = this.#features(signedIn);
    const names = Object.keys(one) as FeatureName[];
    this.#stranger = one;
    this.decisive = names.filter((name) => one[name] === other[name] && one[name] !== own[name]);
    this.words = wordsOf(user).filter(
      (word) => says(signedIn, word) && !strangers.some((page) => says(page, word)),
    );
    const [text, otherText] = strangers.map(textOf) as [string, string];
    this.#strangersText = text;
    this.isTextTelling = text === otherText && text !== textOf(signedIn);
  }

  /** Whether the two could be told apart at all. */
  get isDecided(): boolean {
    if (this.options.signedInText !== undefined) return this.decisive.includes('hasText');
    return this.decisive.length > 0 || this.words.length > 0;
  }

  /**
   * Who a page is for.
   *
   * @param again looks once more, since a page may say once what went wrong before
   */
  async judge(page: Page, again: () => Promise<Page>): Promise<SignedIn> {
    const first = this.#judge(page);
    return first === 'somebody' ? this.#judge(await again()) : first;
  }

  #judge(page: Page): SignedIn {
    const isBroken = page.status >= 500 && page.status !== this.#stranger.status;
    if (isBroken || (page.end !== 'page' && page.end !== 'elsewhere')) return 'stuck';
    const own = this.#features(page);
    if (this.options.signedInText !== undefined) return own.hasText ? this.#named(page) : 'nobody';
    if (this.words.some((word) => says(page, word))) return 'user';
    if (this.decisive.length === 0) {
      return this.isTextTelling && textOf(page) !== this.#strangersText ? 'somebody' : 'nobody';
    }
    const isStrangers = this.decisive.every((name) => own[name] === this.#stranger[name]);
    // A refusal in the place of the page is for nobody.
    const isRefused = page.status >= 400 || page.end === 'elsewhere';
    return isStrangers || isRefused ? 'nobody' : this.#named(page);
  }

  /** Where the page names nobody, whoever is signed in is taken for the user. */
  #named(page: Page): SignedIn {
    return this.words.length === 0 || this.words.some((word) => says(page, word)) ? 'user' : 'somebody';
  }

  #features(page: Page): Features {
    const { way, isProvider, signedInText } = this.options;
    const { origin, pathname } = new URL(page.url);
    const [click] = way;
    return {
      status: page.status,
      place: isProvider(page.url) ? 'provider' : origin + pathname,
      offersSignIn: click !== undefined && page.end === 'page' && clickOn(click, page) !== null,
      hasText: signedInText !== undefined && (says(page, signedInText) || page.text.includes(signedInText)),
    };
  }
}

/** The words of a user that a page may say. */
export function wordsOf({ id, username, name, email }: ProviderUser): readonly string[] {
  return [id, username, name, email].filter((word) => word !== undefined && word !== '') as string[];
}

/** Whether a page says this word, to whoever reads it. */
export function says(page: Page, word: string): boolean {
  return textOf(page).includes(word);
}

/** What a page says; what is no page says all of itself. */
function textOf({ text, headers }: Page): string {
  return /html/i.test(headers.get('content-type') ?? '') ? visibleText(text) : text;
}
