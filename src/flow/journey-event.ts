import type { FarBrowser } from '../browser/browser-place.js';
import type { ClientAuthentication } from '../oidc/authentication-method.js';
import type { ApplicationVerdict } from '../oidc/probe/application-check.js';

/** What whoever drives a browser must know of a sign-in that is under way, moment by moment. Nothing in it is secret. */
export type JourneyEvent =
  /** The callback can come. */
  | { readonly event: 'listening'; readonly redirectUri: string }
  /** Somebody has to open this address, in any browser that reaches the redirect URI. It comes after `listening`. */
  | { readonly event: 'authorization_url'; readonly url: string }
  /** Somebody has to enter this code on the page at this address, on any device (RFC 8628): no callback comes here. */
  | {
      readonly event: 'device_code';
      readonly userCode: string;
      readonly verificationUri: string;
      /** The same address with the code in it. */
      readonly verificationUriComplete?: string;
      /** When the code ends: ISO 8601, UTC. */
      readonly expiresAt: string;
    }
  /** Something to look into; the sign-in goes on. */
  | { readonly event: 'warning'; readonly message: string }
  /** Standard input, where the response might have come, has ended: the browser alone can bring it now. */
  | { readonly event: 'stdin_ended' }
  /** The authorization response has come, and is being validated. It may be an error. */
  | { readonly event: 'callback' }
  /** The tokens are validated and stored. */
  | {
      readonly event: 'signed_in';
      readonly profile: string;
      readonly issuer: string;
      readonly appId: string;
      readonly subject: string;
    }
  /** The last one: what stopped it, and the exit code of the program. Before `signed_in`, there is no session. */
  | {
      readonly event: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly exitCode: number;
    };

/** What a journey tells while it is under way. Whoever listens has the words for people. */
export type JourneyMoment =
  | Extract<JourneyEvent, { readonly event: 'listening' | 'callback' | 'device_code' | 'stdin_ended' }>
  /**
   * Somebody has to open this address; with `inBrowser`, a browser is being started for that. The short one leads to it, for
   * a browser of this machine.
   */
  | {
      readonly event: 'opening';
      readonly url: string;
      readonly shortUrl?: string;
      readonly inBrowser: boolean;
    }
  /** Other machines may reach the callback, by this address that is listened on. */
  | { readonly event: 'open_callback'; readonly address: string }
  /** The browser comes back over https, to a certificate that it may not trust. */
  | { readonly event: 'secure_callback'; readonly redirectUri: string }
  /** It could not be started. */
  | { readonly event: 'browser_not_started' }
  /**
   * The browser is likely to be elsewhere; `port` is where this program listens, where the redirect URI says another. With
   * `isOpen` it listens to other machines, too.
   */
  | {
      readonly event: 'far_browser';
      readonly place: FarBrowser;
      readonly redirectUri: string;
      readonly port?: number;
      readonly isOpen: boolean;
      readonly canPaste: boolean;
    }
  /** What a person pasted, or a line of standard input, was not taken as the response: the end of a sentence. */
  | { readonly event: 'pasted_unusable'; readonly problem: string; readonly isPiped?: boolean }
  /** The address was handed to the terminal's clipboard, and to this program's. */
  | { readonly event: 'copied'; readonly program: string | null }
  /** The address is to be shown as a QR code. */
  | { readonly event: 'qr_code'; readonly address: string }
  /** The page was to be opened again, and there is no browser. */
  | { readonly event: 'no_browser' }
  /** The sign-in has to come back by then. */
  | { readonly event: 'waiting'; readonly seconds: number; readonly redirectUri: string }
  /** It has to be finished on the other device by then; with `inBrowser`, its page is being opened here too. */
  | { readonly event: 'waiting_for_device'; readonly seconds: number; readonly inBrowser: boolean }
  /** The provider could not be asked whether it is finished, and is asked again in so many seconds. */
  | { readonly event: 'not_answered'; readonly message: string; readonly seconds: number }
  /** The browser may come back from the sign-out by then. */
  | { readonly event: 'waiting_for_return'; readonly seconds: number }
  /** A sign-out has forgotten the tokens. */
  | { readonly event: 'cleared' }
  /** The provider's session is in the browser of another device. */
  | { readonly event: 'session_elsewhere' }
  /** Something came to the callback that was not what is waited for, in a sentence. */
  | { readonly event: 'callback_unusable'; readonly message: string }
  /** What the provider says of the sign-in before anybody signs in. */
  | { readonly event: 'preflight'; readonly found: ApplicationVerdict }
  /** The provider does not read the secret in the header, and this is what it takes. */
  | { readonly event: 'header_unread'; readonly authentication: ClientAuthentication };

/** Whoever listens to a journey. */
export interface JourneyProgress {
  tell(moment: JourneyMoment): void;
}
