import { expect, it } from 'vitest';
import { commandsIn } from '../../src/output/command-text.js';

it.each([
  ['Sign in: logto-cli sign-in. Or not.', ['logto-cli sign-in']],
  ['Ask it (in words: logto-cli whoami --remote). Or not.', ['logto-cli whoami --remote']],
  ['Ask it (logto-cli whoami --remote), or not', ['logto-cli whoami --remote']],
  ['Is it (logto-cli whoami --app-id a.b)?', ['logto-cli whoami --app-id a.b']],
  ['Either: logto-cli token --env A; or: logto-cli token', ['logto-cli token --env A', 'logto-cli token']],
])('the commands end before what closes a remark or a sentence: %s', (text, commands) => {
  expect(commandsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual(commands);
});
