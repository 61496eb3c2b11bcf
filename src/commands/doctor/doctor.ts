import type { ConfigureCommand } from '../command.js';
import { Option } from '../commander.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions } from '../options.js';
import { addReportOptions } from '../report/check-options.js';
import { addCallbackOptions, addRequestOptions, addSignedOutOption } from '../request-options.js';
import type { DoctorFlags } from './doctor-flags.js';

/** `doctor`: what is wrong with the tenant, the application or this machine, found out without a user. */
export const configureDoctor: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli doctor',
      'logto-cli doctor --endpoint https://tenant.logto.app --app-id abc123 --port 8080',
      'logto-cli doctor --resource https://api.example.com --fix-hints console',
      'logto-cli doctor --baseline known.json --reporter junit=doctor.xml',
      'logto-cli doctor --json | jq .outcome',
    ],
    notes: [
      'Asks the provider what a sign-in would ask it, within 5 seconds. It needs no user: nobody is signed in, nothing is changed. Its flags mean what they mean at sign-in, so that it checks that sign-in before it is tried.',
      'The exit code is 0 when nothing is wrong, 1 when a check failed, 3 when one could not be run and none failed.',
    ],
  });
  addRequestOptions(
    command.optionsGroup('The sign-in to check, by the flags of sign-in and sign-out:'),
  ).option('--device', 'the device flow instead of a browser here');
  addReportOptions(addSignedOutOption(addCallbackOptions(command))).addOption(
    new Option('--fix-hints <where>', 'console: also print what to enter there').choices(['console']),
  );
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((flags: DoctorFlags) =>
    run(flags, async (context) => (await import('./doctor-run.js')).runDoctor(context, flags)),
  );
};
