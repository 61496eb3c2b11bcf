/** What applications get wrong with the keys of their provider, by name. */
export const keyDefects = {
  'kid-needed': 'an ID token has to name its key, also where there is only one',
  'keys-kept': 'the keys are read once',
  'keys-late': 'a key that is not known is looked up at the second ID token that names it',
  'several-keys-refused': 'a key of a type that is not known spoils the others',
};

/** The published key that has to have signed a JWT; undefined where there is none. */
export async function keyFor(application, config, { alg, kid }) {
  const { has } = application;
  const read = async () => (await (await fetch(config.serverMetadata().jwks_uri)).json()).keys;
  const keys = await (has('keys-kept') || has('keys-late') ? kept(application, read, kid) : read());
  if (has('several-keys-refused') && keys.some(({ kty }) => kty === 'OKP')) return undefined;
  if (kid !== undefined) return keys.find((key) => key.kid === kid);
  const fitting = keys.filter((key) => key.alg === alg);
  return fitting.length === 1 && !has('kid-needed') ? fitting[0] : undefined;
}

async function kept(application, read, kid) {
  application.keys ??= await read();
  application.unknownKids ??= new Set();
  const isKnown = application.keys.some((key) => key.kid === kid);
  if (!isKnown && application.has('keys-late')) {
    if (application.unknownKids.has(kid)) application.keys = await read();
    application.unknownKids.add(kid);
  }
  return application.keys;
}
