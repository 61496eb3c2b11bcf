/** Markup that is safe to send: everything that came from outside has been escaped. */
export class Html {
  /** @param text markup of ours */
  constructor(readonly text: string) {}
}

/** What may stand in markup: text, which is escaped; markup, which is not; nothing. */
export type HtmlValue = string | number | Html | readonly Html[] | null;

/**
 * Builds markup. Text among the values (a claim, an application's name, an error's message) becomes HTML text or an
 * attribute's value: without C0 and C1 controls and bidirectional controls, line breaks turned into spaces, and escaped.
 */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    literals.reduce((text, literal, index) => `${text}${rendered(values[index - 1] ?? null)}${literal}`),
  );
}

function rendered(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(({ text }) => text).join('') : escaped(String(value));
}

function escaped(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
