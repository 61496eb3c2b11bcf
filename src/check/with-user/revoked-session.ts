import { once } from '../run/once.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { SigningIn } from './signing-in.js';

/** Milliseconds in which a revocation must have had its effect. */
const patience = 2_000;
/** Milliseconds between two looks. */
const pause = 100;

/** After how many milliseconds a token was refused for the first time; `null`: it never was. */
export type EndedAfter = number | null;

/** A sign-in whose tokens are revoked: by somebody else first, who must not be able to. */
export class RevokedSession {
  constructor(private readonly subject: SigningIn) {}

  /** The sign-in. */
  readonly session = once(() => this.subject.newSession());

  /** The attempt of another application, and UserInfo after it. */
  readonly byStranger = once(async (): Promise<{ answer: Answer; userInfo: Answer }> => {
    const session = await this.session();
    const sender = this.subject.provider.hasSecret ? 'without-secret' : 'stranger';
    const answer = await this.subject.revoke(session.refreshToken ?? '', 'refresh_token', sender);
    return { answer, userInfo: await this.subject.askUserInfo(session.accessToken ?? '') };
  });

  /** The revocation of the refresh token, and the moment before it. */
  readonly revocation = once(async (): Promise<{ answer: Answer; token: string; at: number }> => {
    await this.byStranger();
    const token = (await this.session()).refreshToken ?? '';
    const at = performance.now();
    return { answer: await this.subject.revoke(token, 'refresh_token'), token, at };
  });

  /** When UserInfo refused the access token. */
  readonly accessTokenEnds = once(async (): Promise<EndedAfter> => {
    const { at } = await this.revocation();
    const token = (await this.session()).accessToken ?? '';
    return this.untilRefused(at, () => this.subject.askUserInfo(token));
  });

  /** When a refresh was refused. */
  readonly refreshEnds = once(async (): Promise<EndedAfter> => {
    const { at, token } = await this.revocation();
    const session = await this.session();
    return this.untilRefused(at, () => session.refresh({ token }));
  });

  /** Asks again and again, for a while, until the answer is a refusal. */
  async untilRefused(since: number, ask: () => Promise<Answer>): Promise<EndedAfter> {
    for (;;) {
      const { status } = await ask();
      const elapsed = performance.now() - since;
      if (status >= 400) return elapsed;
      if (elapsed > patience) return null;
      await this.subject.wait(pause, 'a revocation has its effect');
    }
  }
}
