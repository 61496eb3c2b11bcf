const quotes: readonly string[] = ['"', "'", '`', '“”', '‘’'];

/**
 * What to add to the hint about a secret that was refused: whether it stands in quotes, which nobody left out. A secret
 * may have them for good, so they are named and not taken away. Empty for any other.
 *
 * @param secret of which nothing is repeated
 */
export function quotesRemark(secret: string | undefined): string {
  if (secret === undefined || secret.length < 2) return '';
  const isQuoted = quotes.some(
    (pair) => secret.startsWith(pair.charAt(0)) && secret.endsWith(pair.at(-1) ?? ''),
  );
  return isQuoted
    ? ' As it is set, it begins and ends with a quotation mark, which is sent with it (docker --env-file keeps those of ' +
        'NAME="value"): leave them out if they are not part of it.'
    : '';
}
