/** Markup that is safe to send: everything that came from outside has been escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | Html | readonly Html[] | null;

/** Builds markup. Strings among the values are escaped, markup is not, `null` is nothing. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    literals.reduce((text, literal, index) => `${text}${render(values[index - 1] ?? null)}${literal}`),
  );
}

function render(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof Html) return value.text;
  return value.map((part) => part.text).join('');
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
