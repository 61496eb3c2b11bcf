/** What somebody is to fill in. */
const placeholder = /<\w[^<>]*>/y;

/**
 * Where a command line may be broken: at blanks outside of quotes and of what is to be filled in, and at those of a command
 * inside (`"$(a b)"`).
 */
function partsOf(command: string): string[] {
  const parts = [''];
  const open: string[] = [];
  for (let index = 0; index < command.length; index += 1) {
    placeholder.lastIndex = index;
    const [filledIn] = placeholder.exec(command) ?? [];
    if (filledIn !== undefined) {
      parts[parts.length - 1] += filledIn;
      index += filledIn.length - 1;
      continue;
    }
    const sign = command[index] ?? '';
    const quote = open.at(-1);
    if (sign === ' ' && (quote === undefined || quote === '(')) {
      parts.push('');
      continue;
    }
    if (quote !== "'") {
      if (sign === '$' && command[index + 1] === '(') open.push('(');
      else if (sign === ')' && quote === '(') open.pop();
      else if (sign === '"' && quote === '"') open.pop();
      else if (sign === '"' || (sign === "'" && quote !== '"')) open.push(sign);
    } else if (sign === "'") open.pop();
    parts[parts.length - 1] += sign;
  }
  return parts;
}

/**
 * A command in lines of that many characters. Each but the last ends as a shell wants a line that goes on, so that the
 * whole can be copied; a flag stays with its value where there is room.
 *
 * @param label stands before the first line; the others begin two characters further to the right
 * @param end what a line that goes on ends with
 */
export function commandLines(label: string, command: string, width: number, end = ' \\'): string[] {
  const margin = ' '.repeat(label.length + 2);
  const units = withValues(partsOf(command), width - margin.length - end.length);
  const lines = [label + (units[0] ?? '')];
  for (const [index, unit] of units.entries()) {
    if (index === 0) continue;
    const joined = `${lines.at(-1)} ${unit}`;
    const needed = joined.length + (index === units.length - 1 ? 0 : end.length);
    if (needed <= width) lines[lines.length - 1] = joined;
    else {
      lines[lines.length - 1] += end;
      lines.push(margin + unit);
    }
  }
  return lines;
}

/** Puts flags and their values together, and `<` or `|` and what follows, where both are not too long. */
function withValues(parts: readonly string[], longest: number): string[] {
  const units: string[] = [];
  for (const [index, part] of parts.entries()) {
    const flag = parts[index - 1];
    const isValue =
      flag !== undefined &&
      (/^([<>|]|&&)$/.test(flag) || (/^--?\w/.test(flag) && !/^(-|[<>|&]+$)/.test(part)));
    const pair = `${flag} ${part}`;
    if (isValue && units.at(-1) === flag && pair.length <= longest) units[units.length - 1] = pair;
    else units.push(part);
  }
  return units;
}
