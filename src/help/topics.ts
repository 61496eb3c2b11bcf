/** The pages of `logto-cli help <topic>`, each a file `<name>.md` beside this one, and what they are about. */
export const topics = [
  { name: 'flags', about: 'flags that most commands have, and what a sign-in asks' },
  { name: 'environment', about: 'variables, files and what is stronger' },
  { name: 'exit-codes', about: 'exit codes and error codes' },
  { name: 'json', about: 'the documents of --json and the events of --json-events' },
  { name: 'expect', about: 'assertions: --expect' },
  { name: 'scenarios', about: 'a file of sign-ins for logto-cli test' },
  { name: 'test-app', about: 'whether your application signs in whom it should' },
  { name: 'trace', about: 'what --trace shows, and its files' },
  { name: 'emulator', about: 'its seed, its faults, and how to use it in tests' },
  { name: 'storage', about: 'where tokens are kept' },
  { name: 'security', about: 'what is protected, from whom, and what is not' },
  { name: 'ci', about: 'sign-in without a browser, reports, exit codes' },
  { name: 'completion', about: 'what a shell completes, and how to have it' },
  { name: 'library', about: 'the library, and an emulator for test suites' },
] as const satisfies readonly Topic[];

/** A page of the help. */
export interface Topic {
  readonly name: string;
  readonly about: string;
}

/** The topic of that name; `undefined` where there is none. */
export function topicNamed(word: string): Topic | undefined {
  return topics.find(({ name }) => name === word.toLowerCase());
}
