import { passed } from '../run/check-results.js';
import { warning } from '../run/claused-check.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { type CheckWithUser, judgeRefusal } from './check-with-user.js';

/** A code that is used twice, as by somebody who has stolen it. */
export const replayChecks: readonly CheckWithUser[] = [
  {
    id: 'code.replay',
    signIn: 'replayed',
    title: 'A code twice',
    clause: 'RFC 6749, 4.1.2',
    needs: ['code.exchange'],
    run: async (subject) =>
      judgeRefusal((await subject.replay()).again, 'a code for the second time', ['invalid_grant']),
  },
  {
    id: 'code.replay-ends-tokens',
    signIn: 'replayed',
    title: 'A code twice ends its tokens',
    clause: 'RFC 6749, 4.1.2 and 10.5',
    needs: ['code.replay', 'userinfo.answers', 'refresh.works'],
    run: async (subject) => {
      const { session } = await subject.replay();
      const alive = await namesOfAccepted({
        'access token': () => subject.askUserInfo(session.accessToken ?? ''),
        'refresh token': () => session.refresh(),
      });
      return alive.length === 0
        ? passed('the first access token and refresh token are refused')
        : warning(
            `After a code is used again, its first ${alive.join(' and ')} lives on.`,
            'A stolen code stays useful to whoever came first. Look for a setting of the provider.',
          );
    },
  },
];

/** The names of the requests that are granted. */
async function namesOfAccepted(requests: Readonly<Record<string, () => Promise<Answer>>>): Promise<string[]> {
  const accepted: string[] = [];
  for (const [name, ask] of Object.entries(requests)) {
    if ((await ask()).status < 400) accepted.push(name);
  }
  return accepted;
}
