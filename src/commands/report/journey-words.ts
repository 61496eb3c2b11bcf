import type { JourneyEvent, JourneyMoment, JourneyProgress } from '../../flow/journey-event.js';
import { unreadHeader } from '../../oidc/unread-header.js';
import type { Output } from '../../output/output.js';
import { shellWord } from '../../shell-word.js';
import { farBrowserWords } from './far-browser-words.js';

/** Where a journey is told to people, and to a program that drives the browser. */
export interface JourneyOutput
  extends Pick<Output, 'note' | 'detail' | 'warn' | 'address'>,
    Partial<Pick<Output, 'link'>> {
  event?(event: JourneyEvent): void;
}

/** The words for what a journey tells. */
export function journeyProgress(output: JourneyOutput): JourneyProgress {
  return { tell: (moment) => tell(output, moment) };
}

function tell(output: JourneyOutput, moment: JourneyMoment): void {
  switch (moment.event) {
    case 'listening':
    case 'callback':
      output.event?.(moment);
      break;
    case 'device_code':
      // For people there is more to it than words: see `deviceProgress`.
      output.event?.(moment);
      break;
    case 'opening':
      output.note(openingWords(output, moment));
      output.address(moment.url);
      break;
    case 'open_callback':
      output.warn(
        `The callback is open to other machines that reach this one (--listen ${shellWord(moment.address)}). What comes without the state of this request is not believed.`,
      );
      break;
    case 'secure_callback':
      output.note(
        `The browser comes here over https (${new URL(moment.redirectUri).host}): where it does not trust the certificate of --tls-cert, it warns; go on past that.`,
      );
      break;
    case 'browser_not_started':
      output.warn('No browser could be started. Open the address above by hand, or set BROWSER.');
      break;
    case 'waiting':
      output.note(
        `Waiting up to ${moment.seconds} s for the sign-in to come back to ${moment.redirectUri} (Ctrl-C ends it).`,
      );
      break;
    case 'waiting_for_device':
      if (moment.inBrowser) output.note('The page is opened in the browser here, too.');
      output.note(`Waiting up to ${moment.seconds} s for the sign-in there (Ctrl-C ends it).`);
      break;
    case 'not_answered':
      output.warn(`${moment.message} It is asked again in ${moment.seconds} s.`);
      break;
    case 'waiting_for_return':
      output.note(`Waiting up to ${moment.seconds} s for the browser to come back (Ctrl-C stops waiting).`);
      break;
    case 'cleared':
      output.note('The tokens here are cleared.');
      break;
    case 'session_elsewhere':
      output.note(
        "It was signed in on another device (--device): the provider's session in the browser there goes on, and is ended there.",
      );
      break;
    case 'callback_unusable':
      output.warn(moment.message);
      break;
    case 'far_browser':
      output.note(farBrowserWords(moment.place, moment));
      break;
    case 'pasted_unusable':
      output.warn(
        `${moment.isPiped ? 'A line of standard input' : 'What was pasted'} ${moment.problem}; not taken, still waiting.`,
      );
      break;
    case 'stdin_ended':
      output.event?.(moment);
      output.note('Standard input has ended: now the browser alone can bring the response.');
      break;
    case 'no_browser':
      output.note('There is no browser here to open: open the address above anywhere else.');
      break;
    case 'copied':
      output.note(
        moment.program === null
          ? 'The address is handed to the terminal, which may put it into its clipboard (OSC 52).'
          : `The address is copied, by ${moment.program}.`,
      );
      break;
    case 'qr_code':
      // Drawn by whoever has keys to ask for it: see `keysProgress`.
      break;
    case 'preflight':
      output.detail(preflightWords(moment.found));
      break;
    case 'header_unread': {
      const { seen, hint } = unreadHeader(moment.authentication);
      output.warn(`${seen}: so does this session. ${hint}`);
    }
  }
}

/** The short address stands in the line, the whole one below it. */
function openingWords(
  { link = (url) => url }: JourneyOutput,
  { shortUrl, inBrowser }: Extract<JourneyMoment, { readonly event: 'opening' }>,
): string {
  const short = shortUrl === undefined ? '' : `${link(shortUrl)} or `;
  return inBrowser
    ? `Opening the browser. If nothing appears, open ${short}this address:`
    : `Open ${short}this address in a browser:`;
}

function preflightWords(found: Extract<JourneyMoment, { readonly event: 'preflight' }>['found']): string {
  return found.verdict === 'unknown'
    ? `Preflight: cannot tell whether the provider accepts this sign-in: ${found.reason}`
    : 'Preflight: the provider accepts the application, its authentication and the redirect URI.';
}
