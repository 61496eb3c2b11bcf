import { expect, it } from 'vitest';
import { journeyProgress } from '../../src/commands/report/journey-words.js';
import { keysProgress } from '../../src/commands/report/keys-words.js';
import { listenToKeys, type WaitingKeys } from '../../src/flow/waiting-keys.js';
import { createOutput } from '../../src/output/output.js';
import type { KeyListener } from '../../src/runtime.js';
import { Recorder, testRuntime } from '../support/test-runtime.js';

const address = 'https://id.example.test/authorize?state=the-state';

/** A terminal at which a test types, while a sign-in waits. */
function waiting(changes: Partial<WaitingKeys> = {}) {
  let keyboard: KeyListener | null = null;
  let isHeard = true;
  const opened: string[] = [];
  const offered: string[] = [];
  const copied: string[] = [];
  const over = new AbortController();
  const runtime = testRuntime({
    home: '/nowhere',
    isTerminal: true,
    now: () => 0,
    sleep: () => new Promise(() => {}),
    interruption: over.signal,
    copy: async (text) => {
      copied.push(text);
      return 'xclip';
    },
    onKeys: (listener, signal) => {
      keyboard = listener;
      signal.addEventListener('abort', () => {
        isHeard = false;
      });
      listener.onResume();
    },
  });
  const output = createOutput(new Recorder(), runtime.stderr, {});
  const end = listenToKeys(runtime, {
    address,
    seconds: 272,
    open: async () => void opened.push('again'),
    offer: (text) => {
      offered.push(text);
      return 'carried another state than ours';
    },
    progress: keysProgress(journeyProgress(output), output),
    ...changes,
  });
  return {
    opened,
    offered,
    copied,
    end,
    over,
    screen: runtime.stderr,
    isHeard: () => isHeard,
    press: (...keys: readonly string[]) => {
      for (const key of keys) keyboard?.onTyped({ key });
    },
    paste: (pasted: string) => keyboard?.onTyped({ pasted }),
    keyboard: () => keyboard as unknown as KeyListener,
  };
}

it('shows the time that is left and the keys', () => {
  const { screen, end } = waiting();
  expect(screen.text).toContain(
    '4:32 left · Enter opens it again · c copies the address · q shows a QR code',
  );
  end();
  expect(screen.text.endsWith('\r\u001b[2K')).toBe(true);
});

it('opens the page again with Enter, copies the address with c, shows it with q', async () => {
  const { opened, copied, press, screen } = waiting();
  press('enter');
  expect(opened).toEqual(['again']);
  press('c');
  await Promise.resolve();
  await Promise.resolve();
  expect(copied).toEqual([address]);
  expect(screen.text).toContain(`]52;c;${Buffer.from(address).toString('base64')}`);
  expect(screen.text).toContain('The address is copied, by xclip.');
  press('q');
  expect(screen.text).toMatch(/[▀▄█]{7}/);
});

it('offers what is pasted, says why it is not taken, and shows nothing of it', () => {
  const { offered, opened, press, paste, screen } = waiting();
  paste('http://localhost:3000/callback?code=CANARY&state=STATE');
  expect(offered).toEqual(['http://localhost:3000/callback?code=CANARY&state=STATE']);
  expect(screen.text).toMatch(
    /What was pasted carried another state than ours; not taken, still\s+waiting\./,
  );
  // Who pastes tends to press Enter, which is no wish to open the page again.
  press('enter');
  expect(opened).toEqual([]);
  expect(screen.text).not.toMatch(/CANARY|STATE/);
});

it('waits for Enter where what came may go on, and tells how much there is alone', () => {
  const { offered, press, paste, screen } = waiting();
  paste('code=CANARY');
  expect(offered).toEqual([]);
  expect(screen.text).toContain('11 signs pasted, not shown');
  press('&', 'q', 'c');
  press('enter');
  expect(offered).toEqual(['code=CANARY&qc']);
  paste('code=x');
  press('ctrl-u', 'enter');
  expect(offered).toHaveLength(1);
  expect(screen.text).not.toContain('CANARY');
});

it('takes nothing that is pasted where nothing comes back here', () => {
  const { press, paste, offered, screen } = waiting({ offer: undefined } as never);
  paste('http://localhost:3000/callback?code=CANARY&state=s');
  press('x', 'enter');
  expect(offered).toEqual([]);
  expect(screen.text).not.toContain('signs');
});

it('says nothing by itself where only a paste is wanted', () => {
  const { opened, copied, offered, press, paste, screen } = waiting({ isSilent: true });
  press('enter', 'c', 'q', 'ctrl-u');
  paste('http://localhost:3000/callback?code=CANARY&state=s');
  expect([opened, copied, offered.length]).toEqual([[], [], 1]);
  expect(screen.text).not.toMatch(/left|CANARY/);
});

it('takes its line back while it is stopped, and when it is interrupted', () => {
  const { keyboard, over, screen, isHeard } = waiting();
  keyboard().onSuspend();
  const stopped = screen.text;
  expect(stopped.endsWith('\r\u001b[2K')).toBe(true);
  keyboard().onResume();
  expect(screen.text.slice(stopped.length)).toContain('4:32 left');
  over.abort();
  expect(screen.text.endsWith('\r\u001b[2K')).toBe(true);
  expect(isHeard()).toBe(false);
});
