/** The grant type of the device flow (RFC 8628, section 3.4). */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';
