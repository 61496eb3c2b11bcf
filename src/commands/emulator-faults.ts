import { checkFaults, type EmulatorFaults } from '../emulator/faults/emulator-faults.js';

/** The faults that flags name, as `name=value`. @throws LogtoError `config_invalid` */
export function faultsOf(flags: readonly string[]): EmulatorFaults {
  return checkFaults(Object.fromEntries(flags.map(nameAndValue)));
}

function nameAndValue(fault: string): [string, string] {
  const [name = '', ...value] = fault.split('=');
  return [name, value.join('=')];
}
