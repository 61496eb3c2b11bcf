import type { JourneyMoment, JourneyProgress } from '../../flow/journey-event.js';
import { largeText } from '../../output/large-text.js';
import type { Output } from '../../output/output.js';
import { qrCode } from '../../output/qr-code.js';
import { wrapWords } from '../../output/wrap-words.js';
import { type JourneyOutput, journeyProgress } from './journey-words.js';

/** Where the code of a sign-in on another device is told. */
type DeviceOutput = JourneyOutput & Pick<Output, 'code' | 'picture'>;

/** The words for what a sign-in on another device tells, with the code large, and its address as a QR code. */
export function deviceProgress(output: DeviceOutput): JourneyProgress {
  const progress = journeyProgress(output);
  return {
    tell(moment) {
      progress.tell(moment);
      if (moment.event === 'device_code' && output.event === undefined) tellCode(output, moment);
    },
  };
}

function tellCode(
  output: DeviceOutput,
  { userCode, verificationUri, verificationUriComplete }: Extract<JourneyMoment, { event: 'device_code' }>,
): void {
  output.note('To sign in, open this page in a browser, on any device:');
  output.address(verificationUri);
  output.note('and enter this code there:');
  output.picture(({ columns, hasMarks, paint }) =>
    withSpace(hasMarks ? largeText(userCode, columns - 2).map((line) => paint.bold(`  ${line}`)) : []),
  );
  output.code(userCode);
  if (verificationUriComplete === undefined) return;
  output.picture((place) => {
    const drawn = qrCode(verificationUriComplete, place);
    return drawn !== null && 'lines' in drawn
      ? [
          '',
          ...wrapWords('Or scan this: the page then shows the same code.', place.columns),
          ...drawn.lines,
          '',
        ]
      : [];
  });
}

function withSpace(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines, ''];
}
