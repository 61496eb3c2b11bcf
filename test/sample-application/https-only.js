// The sample as an application that refuses an issuer without TLS, as many do.

if (!process.env.OIDC_ISSUER?.startsWith('https:')) {
  process.stderr.write(`The issuer ${process.env.OIDC_ISSUER} is not secure.\n`);
  process.exit(1);
}
await import('./main.js');
