/**
 * Whether an address or an ID is one that documentation has where everybody's own belongs, such as
 * `https://<tenant>.logto.app` or `your-app-id`.
 */
export function isPlaceholder(text: string): boolean {
  // What may come with a password is refused for that, and never shown.
  if (text.includes('@')) return false;
  if (/[<>…]|\.\.\.|%3c/i.test(text) || /\[[a-z][^\]]*[g-z][^\]]*\]/i.test(text)) return true;
  if (/^(your|replace)[-_ ]|^app id$/i.test(text)) return true;
  return URL.canParse(text) && isPlaceholderHost(new URL(text).hostname);
}

function isPlaceholderHost(hostname: string): boolean {
  const [first = '', ...rest] = hostname.split('.');
  // A tenant of Logto Cloud has an ID that nobody chose.
  if (rest.join('.') === 'logto.app') {
    return /^(your.*|(my-)?tenant(-(id|name))?|example|x+)$/.test(first);
  }
  return /^your-?(tenant|domain|logto|endpoint|issuer|idp|provider)(-.*)?$/.test(first);
}
