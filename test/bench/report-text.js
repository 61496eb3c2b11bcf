import { tableLines, verdict } from './table.js';

/** Times bare Node, on Node 24. */
const startUpTargets = {
  '--version': 1.1,
  '--help': 1.35,
  'whoami, file': 1.3,
  'token, file': 1.3,
};
const commandTargets = { 'sign-in --headless': 3.5, 'doctor --json': 3.5, demo: 5 };

/** What was measured, for a person. */
export function reportText({
  runs,
  rounds,
  nodes,
  growth,
  preflight,
  withoutBrowser,
  firstSuccess,
  testApp,
  install,
  peers,
}) {
  const { bytes, packages } = install;
  return [
    `Medians of fresh processes: ${runs} of each start, ${rounds.signIn} sign-ins, ${rounds.refresh} refreshes, ` +
      `${rounds.crowd} of each crowd, 1 of the largest. The token is at hand unless it says otherwise.`,
    ...nodes.flatMap((node) => ['', ...nodeLines(node)]),
    '',
    ...growthLines(growth),
    '',
    ...preflightLines(preflight),
    '',
    ...withoutBrowserLines(withoutBrowser),
    '',
    ...(firstSuccess === undefined ? [] : [...firstSuccessLines(firstSuccess), '']),
    ...testAppLines(testApp),
    '',
    ...tableLines(
      'Production install, this package included',
      ['', 'target'],
      [
        ['  size', megabytes(bytes), verdict('at most 6 MB', bytes <= 6e6)],
        ['  packages', String(packages), ''],
      ],
    ),
    ...(peers === undefined ? [] : ['', ...peerLines(peers)]),
  ].join('\n');
}

function nodeLines({ wanted, version, reason, startUp, commands, servers, signIns, refreshes }) {
  if (startUp === undefined) return [`Node ${wanted}: not measured, ${reason}`];
  const title = `Node ${version}${wanted === 'here' ? ', this machine' : ''}`;
  const isJudged = version.startsWith('v24.');
  return [
    ...tableLines(title, ['ms', 'x bare', isJudged ? 'target' : ''], startUpRows(startUp, isJudged)),
    ...('whoami, keychain' in startUp ? [] : ['  keychain: not measured, no keyring to be had']),
    ...tableLines(
      '  Whole commands',
      ['ms', 'x bare', 'CPU, ms', 'x bare', ''],
      commandRows(commands, isJudged),
    ),
    ...serverLines(servers),
    ...Object.entries(signIns).flatMap(([storage, signIn]) => signInLines(storage, signIn)),
    ...Object.entries(refreshes).flatMap(([storage, refresh]) => refreshLines(storage, refresh)),
  ];
}

function startUpRows(startUp, isJudged) {
  return Object.entries(startUp).map(([name, time]) => {
    const ratio = time / startUp.node;
    const target = isJudged ? startUpTargets[name] : undefined;
    const fromFile = startUp[name.replace(/, keychain$/, ', file')];
    const remark =
      target !== undefined ? verdict(`at most ${target}`, ratio <= target) : added(time - fromFile);
    return [`  ${name}`, time.toFixed(1), name === 'node' ? '' : ratio.toFixed(2), remark];
  });
}

function commandRows({ node, ...commands }, isJudged) {
  return Object.entries(commands).map(([name, { wall, cpu }]) => {
    const [ratio, target] = [wall / node.wall, isJudged ? commandTargets[name] : undefined];
    return [
      `    ${name}`,
      wall.toFixed(0),
      ratio.toFixed(2),
      cpu.toFixed(0),
      (cpu / node.cpu).toFixed(2),
      target === undefined ? '' : verdict(`at most ${target}`, ratio <= target),
    ];
  });
}

function serverLines(servers) {
  return Object.entries(servers).map(
    ([name, { wall, cpu }]) =>
      `  ${name}, until it answers: ${wall.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU`,
  );
}

function peerLines({ startUp, servers, installs }) {
  const rows = Object.entries(installs).map(([name, { version, reason, bytes, packages }]) => {
    const start = startUp[name];
    return [
      `  ${name} ${version ?? ''}`,
      start === undefined ? '' : (start / startUp.node).toFixed(2),
      bytes === undefined ? '' : megabytes(bytes),
      packages === undefined ? '' : String(packages),
      reason ?? '',
    ];
  });
  const own = ['  logto-cli', (startUp['logto-cli'] / startUp.node).toFixed(2), '', '', ''];
  const [ours, mock] = [servers['logto-cli emulator'], servers['oauth2-mock-server']];
  return [
    ...tableLines('Peers', ['--version, x bare', 'installed', 'packages', ''], [own, ...rows]),
    ...serverLines(servers),
    ...(mock === undefined
      ? []
      : [
          `  ours beside it: ${verdict('at most 0.8', ours.wall / mock.wall <= 0.8)} (${(ours.wall / mock.wall).toFixed(2)})`,
        ]),
  ];
}

function added(milliseconds) {
  return milliseconds > 0 ? `${milliseconds.toFixed(0)} ms more than from a file` : '';
}

function signInLines(storage, { requests, callbackToEnd, peakMemory }) {
  return [
    `  sign-in, ${storage}: callback to end ${callbackToEnd.toFixed(0)} ms ` +
      `(${verdict('under 150', callbackToEnd < 150)}), peak memory ${megabytes(peakMemory)}, ` +
      `${requests.length} requests: ${requests.join(', ')}`,
  ];
}

function refreshLines(storage, { requests, milliseconds }) {
  return [
    `  refresh, ${storage}: ${milliseconds.toFixed(0)} ms, ${requests.length} ${requests.length === 1 ? 'request' : 'requests'} ` +
      `(${verdict('exactly 1', requests.length === 1)}): ${requests.join(', ')}`,
  ];
}

function growthLines({ version, profiles, crowds }) {
  const rows = Object.entries(profiles).map(([count, { whoami, token }]) => [
    `  ${count}`,
    whoami.toFixed(1),
    token.toFixed(1),
  ]);
  const crowdRows = Object.entries(crowds).flatMap(([storage, sizes]) =>
    Object.entries(sizes).map(([size, { milliseconds, apart, refreshes, tokens }]) => [
      `  ${size}, ${storage}`,
      milliseconds.toFixed(0),
      (milliseconds / Number(size)).toFixed(0),
      apart.toFixed(0),
      refreshes.join(' '),
      verdict(
        '1 refresh, 1 token, 2 s apart',
        [...refreshes, ...tokens].every((count) => count === 1) && apart < 2000,
      ),
    ]),
  );
  return [
    ...tableLines(`Profiles in one home (Node ${version}, file)`, ['whoami, ms', 'token, ms'], rows),
    '',
    ...tableLines(
      `Processes at once, access token expired (Node ${version})`,
      ['all, ms', 'each, ms', 'first to last, ms', 'refreshes', 'target'],
      crowdRows,
    ),
  ];
}

function preflightLines(preflight) {
  const heads = ['without, ms', 'with, ms', 'added, ms', 'x', 'whole sign-in, x'];
  const rows = Object.entries(preflight).map(([latency, { without, with: asked }]) => [
    `  ${latency} ms`,
    without.startToAddress.toFixed(0),
    asked.startToAddress.toFixed(0),
    (asked.startToAddress - without.startToAddress).toFixed(0),
    (asked.startToAddress / without.startToAddress).toFixed(2),
    (asked.startToEnd / without.startToEnd).toFixed(2),
  ]);
  return tableLines('Preflight: until the browser opens, by latency of the provider', heads, rows);
}

function withoutBrowserLines({ signIn, scenarios, battery, emulatorStart }) {
  const { milliseconds, own, requests } = signIn;
  return [
    'Without a browser',
    `  sign-in: ${milliseconds.toFixed(0)} ms, ${own.toFixed(0)} of them our own (${verdict('under 250', own < 250)}), ` +
      `${requests.length} requests: ${requests.join(', ')}`,
    ...Object.entries(scenarios).map(
      ([size, total]) => `  ${size} by one file, 10 at a time: ${total.toFixed(0)} ms`,
    ),
    `  battery of ${battery.checks} checks: ${battery.milliseconds.toFixed(0)} ms (${verdict('under 2000', battery.milliseconds < 2000)})`,
    `  start of an emulator: ${emulatorStart.toFixed(1)} ms`,
  ];
}

/** Whoever answers here does so at once: the seconds are those of the program. */
function firstSuccessLines(ways) {
  const heads = ['commands', 'flags', 'looked up', 'Enter', 's'];
  const rows = ways.map(({ provider, way, commands, flags, values, enters, milliseconds }) => [
    `  ${provider}: ${way}`,
    ...[commands, flags, values, enters].map(String),
    (milliseconds / 1000).toFixed(1),
  ]);
  return tableLines('From nothing to the first success', heads, rows);
}

function testAppLines({ milliseconds, checks, visits, found }) {
  return [
    'An application that is right (test-app)',
    `  ${checks} checks in ${visits} visits, 4 at once, started and ended: ${(milliseconds / 1000).toFixed(1)} s ` +
      `(${verdict('under 10', milliseconds < 10_000)}), ${verdict('nothing found', found.length === 0)}`,
  ];
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
