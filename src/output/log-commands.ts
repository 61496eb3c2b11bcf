type Environment = Readonly<Record<string, string | undefined>>;

/** What may stand in a pair: .NET compares without what its collation ignores (format characters, marks, a few letters). */
const ignored = String.raw`\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u0640\u07fa\u180a\u1cd3\ufe73`;
/** A style, as it is marked before the writer has made a text of it. */
const style = String.raw`\ufdd0\d+;\d{1,2}\ufdd1`;
const between = String.raw`(?:${style}|[\\${ignored}])*`;

/**
 * Whether what we write may be read by a program that takes lines of a job's log for commands: the variables of GitHub
 * (and of Gitea and Forgejo, which read as it does), Azure Pipelines and TeamCity, and the one that nearly all others set.
 */
export function isLogRead(environment: Environment): boolean {
  return ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION', 'CI'].some((name) => Boolean(environment[name]));
}

/**
 * A line in which no reader of logs finds a command. GitHub takes `::name::` behind blanks at a line's start and `##[name]`
 * anywhere, Azure Pipelines `##vso[…]`, TeamCity `##teamcity[…]`: a backslash is put behind the first sign of such a pair,
 * before those that stand there already, so that whoever takes one away again has the text. What else there is of the kind
 * (GitLab's sections, Travis' folds) needs a control character.
 */
export function withoutCommands(line: string): string {
  // Made when they are needed: most runs start without a reader of logs.
  const sign = new RegExp(`#(?=${between}#)`, 'gu');
  const colon = new RegExp(String.raw`^(?:${style}|[\s${ignored}])*:(?=${between}:)`, 'u');
  return line.replace(sign, '#\\').replace(colon, '$&\\');
}

/**
 * A document in which no reader of logs finds a command, and whose value is the same. None of its lines may begin with a
 * text, as none in JSON and XML does.
 *
 * @param escaped writes a number sign as it may stand in a text of the document
 */
export function documentWithoutCommands(document: string, escaped: (sign: string) => string): string {
  return document.replace(new RegExp(`#(?=[${ignored}]*#)`, 'gu'), escaped);
}
