import type { JourneyProgress } from '../../flow/journey-event.js';
import type { Output } from '../../output/output.js';
import { qrCode } from '../../output/qr-code.js';
import { wrapWords } from '../../output/wrap-words.js';

/** The same progress, for who has keys: shows the QR code that one of them asks for. */
export function keysProgress(
  progress: JourneyProgress,
  output: Pick<Output, 'picture' | 'note'>,
): JourneyProgress {
  let isPasteTold = false;
  return {
    tell(moment) {
      progress.tell(moment);
      if (moment.event === 'far_browser') isPasteTold = true;
      if (moment.event === 'waiting' && !isPasteTold) {
        output.note(
          'If the browser cannot reach this machine, paste here the address that it ends on: it is not shown.',
        );
      }
      if (moment.event !== 'qr_code') return;
      output.picture((place) => {
        const drawn = qrCode(moment.address, place);
        if (drawn === null)
          return wrapWords(
            'This terminal has neither colours nor marks to show a QR code with.',
            place.columns,
          );
        return 'lines' in drawn
          ? ['', ...drawn.lines, '']
          : wrapWords(
              `The QR code needs ${drawn.columns} columns, and this terminal has ${place.columns}.`,
              place.columns,
            );
      });
    },
  };
}
