/**
 * Issuers of providers that have one for each tenant, and one discovery document for all of them: there it is a template
 * such as `https://login.microsoftonline.com/{tenantid}/v2.0`, and a token names the issuer of its own tenant. OpenID
 * Connect Discovery 1.0 knows no such thing; this is how Microsoft Entra has it.
 */

/** More is no claim that names a tenant. */
const longestValue = 200;

/** Only whole segments of the path: who may fill in a part of the host, or a slash, may be anybody. */
const template = /^https?:\/\/[^/{}?#]+(?:\/(?:[^/{}?#]*|\{[A-Za-z]\w{0,59}\}))*$/;

/** What a claim may fill in: characters that stand for themselves in any path (RFC 3986, section 2.3). */
const plain = /^(?!\.\.?$)[\w.~-]+$/;

/** Whether somebody means this for a template: no issuer has braces (RFC 3986, section 2). */
export function hasBraces(issuer: string): boolean {
  return /[{}]/.test(issuer);
}

/** Whether it is a template that can be filled, with one name at least. */
export function isTemplate(issuer: string): boolean {
  return hasBraces(issuer) && template.test(issuer);
}

/** The claim that stands for a name of a template: `tid` for Entra's `{tenantid}`, else the one of that name. */
export function claimFor(name: string): string {
  return name === 'tenantid' ? 'tid' : name;
}

/** The names in a template, in their order. */
export function namesIn(issuer: string): readonly string[] {
  return [...issuer.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** What a token's claims make of an issuer: the issuer that has to have issued it, or the claim that names none. */
export type FilledIssuer = { readonly issuer: string } | { readonly unusable: string };

/** The issuer of whom these claims are; an issuer that is no template is everybody's. */
export function filledIssuer(issuer: string, claims: Readonly<Record<string, unknown>>): FilledIssuer {
  if (!hasBraces(issuer)) return { issuer };
  let filled = issuer;
  for (const name of namesIn(issuer)) {
    const claim = claimFor(name);
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (typeof value !== 'string' || value.length > longestValue || !plain.test(value))
      return { unusable: claim };
    filled = filled.replaceAll(`{${name}}`, value);
  }
  return { issuer: filled };
}

/** Whether this can be the issuer, as far as that is known without the claims of a token. */
export function mayBeIssuer(issuer: string, found: string): boolean {
  if (!hasBraces(issuer)) return found === issuer;
  const [segments, others] = [issuer.split('/'), found.split('/')];
  return (
    segments.length === others.length &&
    segments.every((segment, index) => {
      const other = others[index] ?? '';
      return hasBraces(segment) ? other.length <= longestValue && plain.test(other) : other === segment;
    })
  );
}
