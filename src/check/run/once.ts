/** The same work, done once, when it is first wanted. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/** The same work, done once for each name, when that is first wanted. */
export function onceFor<Result>(work: (name: string) => Promise<Result>): (name: string) => Promise<Result> {
  const results = new Map<string, Promise<Result>>();
  return (name) => {
    const result = results.get(name) ?? work(name);
    results.set(name, result);
    return result;
  };
}
