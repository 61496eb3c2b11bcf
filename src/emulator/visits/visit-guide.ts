/**
 * What becomes of the browsers of a visit at the emulator, for whoever leads them: nobody has to fill in its pages, or to
 * catch a callback on its way.
 */
export interface VisitGuide {
  /**
   * Says who signs in, by username, as soon as the emulator would ask for that: then no page of it asks, neither for a
   * password nor for consent. Default: its pages ask.
   */
  readonly signInAs?: () => string;
  /**
   * Whether an authorization request is answered. One that is not ends at a page that says so; one that asks for no page
   * (`prompt=none`) is answered with `login_required`. Default: all are answered.
   */
  readonly isAnswered?: () => boolean;
  /** Is told of each browser that stays at such a page, or at one that refuses what it was sent with. */
  readonly onHeld?: () => void;
  /**
   * May replace the address that the browser is sent back to with an answer; `null`: it is not sent back, and stays at a
   * page that says so. The parameters of a form or a fragment are shown as the query of the address. Answers to requests
   * with `prompt=none` are not shown.
   */
  readonly onCallback?: (callback: URL) => URL | null | Promise<URL | null>;
}
