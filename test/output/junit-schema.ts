/** An element of a document that is well formed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

interface ElementRule {
  /** A pattern for each; those that end with `?` may be absent. */
  readonly attributes: Readonly<Record<string, RegExp>>;
  /** In this order, that often. */
  readonly children: readonly (readonly [names: RegExp, least: number, most: number])[];
  readonly hasText?: boolean;
}

const text = /^/;
const some = /\S/;
const whole = /^\d{1,9}$/;
const decimal = /^\d+(\.\d+)?$/;
const problem: ElementRule = { attributes: { type: text, 'message?': text }, children: [], hasText: true };
const output: ElementRule = { attributes: {}, children: [], hasText: true };
const any = Number.POSITIVE_INFINITY;

/**
 * What both widely used schemas of JUnit reports demand, rule by rule: the one of Ant's JUnit task (JUnit.xsd) and that
 * of Jenkins (junit-10.xsd). Where they differ, the stricter one.
 */
const rules: Readonly<Record<string, ElementRule>> = {
  testsuites: { attributes: {}, children: [[/^testsuite$/, 0, any]] },
  testsuite: {
    attributes: {
      package: text,
      id: whole,
      name: some,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: some,
      tests: whole,
      failures: whole,
      errors: whole,
      'skipped?': whole,
      time: decimal,
    },
    children: [
      [/^properties$/, 1, 1],
      [/^testcase$/, 0, any],
      [/^system-out$/, 1, 1],
      [/^system-err$/, 1, 1],
    ],
  },
  properties: { attributes: {}, children: [[/^property$/, 0, any]] },
  property: { attributes: { name: some, value: text }, children: [] },
  testcase: {
    attributes: { name: text, classname: text, time: decimal },
    children: [[/^(skipped|error|failure)$/, 0, 1]],
  },
  skipped: problem,
  error: problem,
  failure: problem,
  'system-out': output,
  'system-err': output,
};

/** What is wrong with a JUnit report by its schemas, in a sentence each. @throws Error when it is no XML at all */
export function schemaFaults(xml: string): string[] {
  const root = parseXml(xml);
  const faults = root.name === 'testsuites' ? [] : [`the root is ${root.name}`];
  return [...faults, ...elementFaults(root), ...countFaults(root)];
}

function elementFaults(element: XmlElement): string[] {
  const { name, attributes, children } = element;
  const rule = rules[name];
  if (rule === undefined) return [`${name} is unknown`];
  const known = new Map(
    Object.entries(rule.attributes).map(([key, is]) => [key.replace('?', ''), { key, is }]),
  );
  const faults = Object.entries(attributes).flatMap(([key, value]) => {
    const is = known.get(key)?.is;
    if (is === undefined) return [`${name} has an unknown attribute ${key}`];
    return is.test(value) ? [] : [`${name} has ${key}=${value}`];
  });
  for (const [key, { key: marked }] of known) {
    if (key === marked && !(key in attributes)) faults.push(`${name} lacks ${key}`);
  }
  let rest = children.map((child) => child.name);
  for (const [names, least, most] of rule.children) {
    const end = rest.findIndex((child) => !names.test(child));
    const amount = end === -1 ? rest.length : end;
    if (amount < least || amount > most) faults.push(`${name} has ${amount} of ${names}`);
    rest = rest.slice(amount);
  }
  if (rest.length > 0) faults.push(`${name} has a misplaced ${rest[0]}`);
  if (!rule.hasText && element.text.trim() !== '') faults.push(`${name} has text`);
  return [...faults, ...children.flatMap(elementFaults)];
}

/** What the schemas leave to their words: the counts of a suite are those of its tests. */
function countFaults(root: XmlElement): string[] {
  return root.children.flatMap((suite) => {
    const cases = suite.children.filter(({ name }) => name === 'testcase');
    const amount = (name: string) =>
      cases.filter(({ children }) => children.some((child) => child.name === name)).length;
    const counts = {
      tests: cases.length,
      failures: amount('failure'),
      errors: amount('error'),
      skipped: amount('skipped'),
    };
    return Object.entries(counts).flatMap(([name, count]) =>
      suite.attributes[name] === String(count) ? [] : [`${name} is not ${count}`],
    );
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a document without comments, CDATA and namespaces. @throws Error when it is not well formed */
export function parseXml(xml: string): XmlElement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has none of these
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(xml))
    throw new Error('a character');
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === xml) throw new Error('no declaration');
  const outside: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [outside];
  for (const [token] of body.matchAll(/<[^<>]*>|[^<]+|</g)) {
    const parent = open.at(-1) ?? outside;
    const [, isEnd, name = '', attributes = '', isEmpty] =
      /^<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>$/.exec(token) ?? [];
    if (!token.startsWith('<')) parent.text += unescaped(token);
    else if (name === '') throw new Error(`a broken tag: ${token}`);
    else if (isEnd) {
      if (open.pop()?.name !== name) throw new Error(`${name} ends, and has not begun`);
    } else {
      const element = { name, attributes: attributesIn(attributes), children: [], text: '' };
      parent.children.push(element);
      if (!isEmpty) open.push(element);
    }
  }
  const [root, ...more] = outside.children;
  if (open.length !== 1 || root === undefined || more.length > 0 || outside.text.trim() !== '') {
    throw new Error('not one element');
  }
  return root;
}

function attributesIn(source: string): Record<string, string> {
  const pairs = [...source.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    unescaped(value),
  ]);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error('an attribute twice');
  return Object.fromEntries(pairs);
}

function unescaped(source: string): string {
  return source.replace(/&(\w*);?/g, (all, name: string) => {
    const sign = entities[name];
    if (sign === undefined || !all.endsWith(';')) throw new Error(`an entity: ${all}`);
    return sign;
  });
}
