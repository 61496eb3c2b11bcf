import { execFileSync } from 'node:child_process';

/**
 * The version of a Debian package as its authors call it, without Debian's own revision, which cannot be chosen: the archive
 * has the latest alone.
 */
export function debianVersion(name: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how dpkg-query is asked
  const whole = execFileSync('dpkg-query', ['--show', '--showformat=${Version}', name], { encoding: 'utf8' });
  return whole.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
}
