import { once } from '../run/once.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { type OwnSession, textIn } from './own-session.js';
import type { SigningIn } from './signing-in.js';

/** Milliseconds after which a replaced refresh token is old for sure: Logto's grace is 3 s. */
const graceMilliseconds = 3_500;

/** A sign-in whose first refresh token is used again: at once, and when no grace can excuse it any more. */
export class RotatedSession {
  constructor(private readonly subject: SigningIn) {}

  /** The first refresh. `old` is the refresh token before it, `null` where it was not replaced. */
  readonly rotation = once(
    async (): Promise<{ session: OwnSession; answer: Answer; old: string | null; at: number }> => {
      const session = await this.subject.newSession();
      const before = session.refreshToken;
      const answer = await session.refresh();
      const isReplaced = session.refreshToken !== before && textIn(answer, 'refresh_token') !== null;
      return { session, answer, old: isReplaced ? before : null, at: performance.now() };
    },
  );

  /** The old token at once; `null` where there is none. */
  readonly atOnce = once(async (): Promise<Answer | null> => {
    const { session, old } = await this.rotation();
    return old === null ? null : session.refresh({ token: old });
  });

  /** The old token after the grace, and what became of the newest tokens then; `null` where there is none. */
  readonly late = once(async (): Promise<{ reuse: Answer; refresh: Answer; userInfo: Answer } | null> => {
    // What went wrong at once is what another check tells.
    await this.atOnce().catch(() => null);
    const { session, answer, old, at } = await this.rotation();
    if (old === null) return null;
    const grace = at + graceMilliseconds - performance.now();
    await this.subject.wait(Math.max(0, grace), 'a replaced refresh token is old');
    const reuse = await session.refresh({ token: old });
    const userInfo = await this.subject.askUserInfo(textIn(answer, 'access_token') ?? '');
    return { reuse, userInfo, refresh: await session.refresh() };
  });
}
