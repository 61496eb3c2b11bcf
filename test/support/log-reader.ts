/**
 * What programs that read a job's log take for commands, as their sources do it: GitHub's runner (`ActionCommand.TryParseV2`
 * and `TryParse`, which Gitea, Forgejo and act follow), the agent of Azure Pipelines (`Command.TryParse`), and, by their
 * documentation, TeamCity and GitLab. .NET splits lines as here, and its comparisons see no format characters.
 */
export function commandsInLog(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, ''))
    .filter((line) => isOfGithub(line) || isLegacyOfGithub(line) || isOfAzure(line) || isOfOthers(line));
}

/** The commands of GitHub's runner. It compares without case. */
const registered: readonly string[] = [
  'internal-set-repo-path',
  'set-env',
  'set-output',
  'save-state',
  'add-mask',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'echo',
  'stop-commands',
];

function isRegistered(commandInfo: string): boolean {
  return registered.includes((commandInfo.split(' ')[0] ?? '').toLowerCase());
}

function isOfGithub(line: string): boolean {
  const message = line.replace(/^[\p{Z}\t-\r\u0085]+/u, '');
  const end = message.indexOf('::', 2);
  return message.startsWith('::') && end >= 0 && isRegistered(message.slice(2, end));
}

function isLegacyOfGithub(line: string): boolean {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  return start >= 0 && end >= 0 && isRegistered(line.slice(start + 3, end));
}

function isOfAzure(line: string): boolean {
  const start = line.indexOf('##vso[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return /^\s*##\[/.test(line);
  const name = line.slice(start + 6, end).split(' ')[0] ?? '';
  return name.split('.').filter(Boolean).length === 2;
}

function isOfOthers(line: string): boolean {
  return (
    line.includes('##teamcity[') ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is part of the marker
    /section_(start|end):\d+:[\w.-]+(\[[^\]]*\])?\r?\u001b\[0K/.test(line)
  );
}

/** Texts that are commands where they stand alone on a line, or anywhere. */
export const logCommands = [
  '::error::FORGED',
  '::stop-commands::FORGED',
  '::add-mask::a',
  '::SET-OUTPUT name=a::FORGED',
  '##[error]FORGED',
  '##[add-mask]a',
  '##vso[task.setvariable variable=a]FORGED',
  "##teamcity[buildStatus status='FAILURE']",
] as const;
