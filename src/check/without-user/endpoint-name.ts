/** Endpoints beside the authorization endpoint, as the discovery document names them. */
export type EndpointName =
  | 'token_endpoint'
  | 'userinfo_endpoint'
  | 'introspection_endpoint'
  | 'revocation_endpoint'
  | 'device_authorization_endpoint'
  | 'pushed_authorization_request_endpoint'
  | 'end_session_endpoint';

/** An endpoint as a person calls it: `token endpoint`. */
export function nameOf(endpoint: EndpointName): string {
  return endpoint.replaceAll('_', ' ').replace('userinfo', 'UserInfo');
}
