import { parseJsonObject } from '../http-answer.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, clientCodes, verdictOn } from './probe-request.js';

/**
 * Asks whether the client may use the device flow, by beginning one (RFC 8628, section 3.1). Nobody learns the code that
 * it brings, and it expires by itself.
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeDeviceFlow(target: ProbeTarget): Promise<Verdict> {
  const { device_authorization_endpoint: url } = target.metadata;
  if (url === undefined) {
    return unknown('The discovery document lists no device authorization endpoint.');
  }
  const answer = await askAsClient(target, {
    url,
    endpoint: 'device authorization endpoint',
    kind: 'device-authorization',
    parameters: { scope: 'openid' },
  });
  const { status, text, refusal } = answer;
  if (refusal !== null) return verdictOn(refusal, [...clientCodes, 'device_flow_disabled'], answer);
  return typeof parseJsonObject(text)?.['device_code'] === 'string'
    ? { verdict: 'accepted' }
    : unknown(`The device authorization endpoint answered ${status}, and without a device code.`);
}
