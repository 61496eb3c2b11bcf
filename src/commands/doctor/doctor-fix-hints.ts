import type { DoctorSubject } from '../../check/doctor/doctor-subject.js';
import type { CheckReport } from '../../check/run/check.js';
import { organizationResource } from '../../client/access-token.js';
import { LogtoError } from '../../errors.js';
import type { Paint } from '../../output/paint.js';
import { widest } from '../../output/widest.js';
import type { NamedBy } from '../../wording.js';

/** What has to stand in one field of the provider for this sign-in. */
export interface FixHint {
  /** Where the field is: `Applications > abc123 > Settings`. */
  readonly page: string;
  readonly field: string;
  /** Each to be entered exactly so. */
  readonly values: readonly string[];
  /** What there is to know about the field. */
  readonly note?: string;
}

type LabelName =
  | 'redirects'
  | 'postLogout'
  | 'origins'
  | 'type'
  | 'apis'
  | 'identifier'
  | 'permissions'
  | 'devices'
  | 'confidential'
  | 'public';
type Labels = Readonly<Record<LabelName, string>>;

/** The names of pages and fields: those of Logto's Console for whoever set an endpoint, else the terms of the standards. */
const labels: Readonly<Record<NamedBy, Labels>> = {
  endpoint: {
    redirects: 'Redirect URIs',
    postLogout: 'Post sign-out redirect URIs',
    origins: 'CORS allowed origins',
    type: 'Application type',
    apis: 'API resources',
    identifier: 'API identifier',
    permissions: 'Permissions',
    devices: 'Native, for the device flow',
    confidential: 'Traditional web',
    public: 'Native app or Single page app',
  },
  issuer: {
    redirects: 'Redirect URIs (redirect_uris)',
    postLogout: 'Post-logout redirect URIs (post_logout_redirect_uris)',
    origins: 'Allowed origins (CORS)',
    type: 'Type',
    apis: 'APIs (resources)',
    identifier: 'Identifier (resource indicator)',
    permissions: 'Scopes',
    devices: 'public, with the device authorization grant',
    confidential: 'confidential (web), with the authorization code grant',
    public: 'public (native), with the authorization code grant and PKCE',
  },
};

/** The fields at the provider that this sign-in depends on. Nothing in them is secret. */
export async function fixHints(subject: DoctorSubject, checks: readonly CheckReport[]): Promise<FixHint[]> {
  const { scopes, resources, device } = subject.signIn;
  const appId = await applicationId(subject);
  const label = labels[await namedByOf(subject)];
  const application = `Applications > ${appId ?? '(create one)'}`;
  const apis = resources.filter((resource) => resource !== organizationResource);
  const ofApis = scopes.filter((scope) => !scope.startsWith('urn:logto:'));
  const redirects: FixHint[] = [
    { page: application, field: label.redirects, values: [await subject.redirectUri()] },
    {
      page: application,
      field: label.postLogout,
      values: [await subject.postLogoutRedirectUri()],
    },
    {
      page: application,
      field: label.origins,
      values: [],
      note: 'nothing to enter: this program is no web page',
    },
  ];
  return [
    { page: application, field: label.type, values: [label[typeFor(subject, checks)]] },
    ...(device ? [] : redirects),
    ...(resources.length > apis.length
      ? [{ page: 'Organizations', field: 'Members', values: [], note: 'the user who signs in must be one' }]
      : []),
    ...apis.map((resource) => ({
      page: label.apis,
      field: label.identifier,
      values: [resource],
    })),
    ...(apis.length > 0 && ofApis.length > 0
      ? [
          {
            page: label.apis,
            field: label.permissions,
            values: ofApis,
            note: "and a role of the user's has them",
          },
        ]
      : []),
  ];
}

/** The same for a person, page by page. */
export function fixHintLines(hints: readonly FixHint[], paint: Paint, namedBy: NamedBy): string[] {
  const width = widest(hints.map(({ field }) => field));
  const pages = [...new Set(hints.map(({ page }) => page))];
  return [
    paint.bold(namedBy === 'endpoint' ? "What to enter in Logto's Console" : 'What to enter at the provider'),
    ...pages.flatMap((page) => [
      `  ${page}`,
      ...hints
        .filter((hint) => hint.page === page)
        .flatMap(({ field, values, note }) => {
          const remark = note === undefined ? [] : [paint.dim(`(${note})`)];
          const lines = [...values, ...remark];
          return lines.map((line, index) => `    ${(index === 0 ? field : '').padEnd(width)}  ${line}`);
        }),
    ]),
  ];
}

/** The type that goes with what is known: a secret means a confidential application. */
function typeFor(
  subject: DoctorSubject,
  checks: readonly CheckReport[],
): 'devices' | 'confidential' | 'public' {
  if (subject.signIn.device) return 'devices';
  const secret = checks.find(({ id }) => id === 'application.type');
  const isConfidential =
    subject.settings.appSecret !== undefined || /^confidential/.test(secret?.message ?? '');
  return isConfidential ? 'confidential' : 'public';
}

/** By what the provider is set; where none is, the Console is as good a place to begin as any. */
export async function namedByOf(subject: DoctorSubject): Promise<NamedBy> {
  try {
    return await subject.namedBy();
  } catch (error) {
    if (error instanceof LogtoError) return 'endpoint';
    throw error;
  }
}

async function applicationId(subject: DoctorSubject): Promise<string | null> {
  try {
    return (await subject.connection()).appId;
  } catch (error) {
    // The report has said so.
    if (error instanceof LogtoError) return null;
    throw error;
  }
}
