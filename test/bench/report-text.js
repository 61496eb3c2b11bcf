/** Times bare Node, on Node 24. */
const startUpTargets = { '--version': 1.35, 'whoami, file': 1.6, '--help': 1.9 };

/** What was measured, for a person. */
export function reportText({ runs, signInRuns, nodes, install }) {
  return [
    `Start-up: median of ${runs} fresh processes each, and its ratio to bare Node`,
    ...nodes.flatMap((node) => startUpLines(node)),
    `Sign-in against a provider on loopback: median of ${signInRuns}`,
    ...nodes.flatMap((node) => signInLines(node)),
    'Production install, this package included',
    `  ${megabytes(install.bytes)} (target: under 12), ${install.packages} packages (target: under 80)`,
  ].join('\n');
}

function startUpLines({ wanted, version, reason, startUp }) {
  if (startUp === undefined) return [`  Node ${wanted}: not measured, ${reason}`];
  const bare = startUp.node;
  const lines = Object.entries(startUp).map(([name, time]) => {
    const target = version.startsWith('v24.') ? startUpTargets[name] : undefined;
    const ratio = name === 'node' ? '' : `  ${(time / bare).toFixed(2)} times`;
    return `    ${name.padEnd(18)} ${time.toFixed(1).padStart(6)} ms${ratio}${target ? ` (target: ${target})` : ''}`;
  });
  if (!('whoami, keychain' in startUp))
    lines.push('    whoami, keychain: not measured, no keyring to be had');
  return [`  Node ${version}${wanted === 'here' ? ', this machine' : ''}`, ...lines];
}

function signInLines({ version, signIns = {} }) {
  return Object.entries(signIns).flatMap(([storage, { requests, callbackToEnd, peakMemory }]) => [
    `  Node ${version}, ${storage}: ${requests.length} requests, ` +
      `callback to end ${callbackToEnd.toFixed(0)} ms (target: under 150), peak memory ${megabytes(peakMemory)}`,
    ...requests.map((request) => `    ${request}`),
  ]);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
