/** Where an emulator runs unless it is told otherwise. */
export const emulatorEndpoint = 'http://localhost:4000';

/** Its application that signs people in without a secret. */
export const emulatorApplication = 'emulator-native';
