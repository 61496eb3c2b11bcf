import type { KeyListener, Runtime } from '../runtime.js';
import { counted } from '../wording.js';
import type { JourneyProgress } from './journey-event.js';

/** What a person at the terminal can do while a sign-in waits. */
export interface WaitingKeys {
  /** What is shown as a QR code: it leads there from every machine. */
  readonly address: string;
  /** What is copied. Default: the same. */
  readonly copyAddress?: string;
  /** Seconds that are left. */
  readonly seconds: number;
  /** Opens the page in the browser again. */
  readonly open: () => Promise<unknown>;
  /** Takes what is pasted: `null`, or why it was not taken. Absent where nothing comes back here. */
  readonly offer?: (pasted: string) => string | null;
  /** Takes what is pasted and nothing else, without a line of its own. */
  readonly isSilent?: boolean;
  readonly progress: JourneyProgress;
}

/** More is no address. */
const longest = 65_536;

/**
 * Listens to the keyboard and shows what is left of the time, until that is ended: Enter opens the page again, `c` copies its
 * address, `q` shows it as a QR code, and what is pasted is offered as the response. Nothing that is typed is shown or kept.
 *
 * @returns ends it, and takes the last line back
 */
export function listenToKeys(
  runtime: Pick<Runtime, 'stdin' | 'stderr' | 'now' | 'sleep' | 'copy' | 'interruption'>,
  { address, copyAddress = address, seconds, open, offer, isSilent = false, progress }: WaitingKeys,
): () => void {
  const { stderr } = runtime;
  const over = new AbortController();
  const end = runtime.now() + seconds * 1000;
  let isShown = false;
  let pasted = '';
  /** Whoever pastes tends to press Enter, which means nothing then. */
  let isJustPasted = false;
  const show = () => {
    if (!isShown || isSilent || over.signal.aborted) return;
    const left = Math.max(0, Math.ceil((end - runtime.now()) / 1000));
    stderr.status(statusLine(left, pasted.length, stderr.columns));
  };
  const submit = () => {
    const text = pasted;
    pasted = '';
    isJustPasted = true;
    const problem = offer?.(text) ?? null;
    if (problem !== null) progress.tell({ event: 'pasted_unusable', problem });
  };
  const onKey = (key: string) => {
    if (key === 'enter') {
      if (pasted !== '') return submit();
      if (!isJustPasted && !isSilent) void open();
    } else if (key === 'ctrl-u') pasted = '';
    else if (key === 'backspace') pasted = pasted.slice(0, -1);
    else if (key.length > 2) return;
    else if (pasted !== '' || isSilent || !isCommand(key)) pasted = offer === undefined ? '' : pasted + key;
    else if (key === 'c') void copy(runtime, copyAddress, progress);
    else progress.tell({ event: 'qr_code', address });
    isJustPasted = false;
  };
  const listener: KeyListener = {
    onTyped(typed) {
      if ('key' in typed) onKey(typed.key);
      else if (offer !== undefined) {
        pasted = (pasted + typed.pasted).slice(0, longest + 1);
        // A whole address is taken at once, and what may go on waits for Enter.
        if (/[?&]state=|^state=/.test(pasted) || /:\/\//.test(pasted)) submit();
      }
      show();
    },
    onSuspend() {
      if (!isSilent) stderr.status(null);
      isShown = false;
    },
    onResume() {
      isShown = true;
      show();
    },
  };
  const finish = () => {
    over.abort();
    pasted = '';
    if (!isSilent) stderr.status(null);
  };
  // Before anybody writes what it ended with.
  runtime.interruption.addEventListener('abort', finish, { once: true, signal: over.signal });
  runtime.stdin.keys(listener, over.signal);
  if (!isSilent) void tick(runtime, seconds, show, over.signal);
  return finish;
}

function isCommand(key: string): boolean {
  return key === 'c' || key === 'q';
}

/** Once a second, and never more often than there are seconds. */
async function tick(
  { sleep }: Pick<Runtime, 'sleep'>,
  seconds: number,
  show: () => void,
  signal: AbortSignal,
): Promise<void> {
  for (let passed = 0; passed < seconds && !signal.aborted; passed += 1) {
    show();
    await sleep(1000, signal);
  }
}

async function copy(
  runtime: Pick<Runtime, 'stderr' | 'copy'>,
  address: string,
  progress: JourneyProgress,
): Promise<void> {
  runtime.stderr.copy(address);
  progress.tell({ event: 'copied', program: await runtime.copy(address) });
}

/** What fits of the time that is left and the keys; how much was pasted, and nothing of it. */
function statusLine(left: number, pasted: number, columns: number): string {
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
  const long =
    pasted > 0
      ? [`${counted(pasted, 'sign')} pasted, not shown`, 'Enter takes them', 'Ctrl-U drops them']
      : ['Enter opens it again', 'c copies the address', 'q shows a QR code'];
  const short = pasted > 0 ? [counted(pasted, 'sign'), 'Enter', 'Ctrl-U'] : ['Enter open', 'c copy', 'q QR'];
  const line = (parts: readonly string[]) => [time, ...parts].join(' · ');
  return line(long).length < columns ? line(long) : line(short);
}
