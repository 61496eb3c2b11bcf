import type { CheckReport } from '../check/check.js';
import type { DoctorSubject } from '../check/doctor-subject.js';
import { organizationResource } from '../client/access-token.js';
import { LogtoError } from '../errors.js';
import type { Paint } from '../output/paint.js';
import { plainText } from '../output/plain-text.js';
import { widest } from '../output/widest.js';

/** What has to stand in one field of Logto's Console for this sign-in. */
export interface FixHint {
  /** Where the field is: `Applications > abc123 > Settings`. */
  readonly page: string;
  readonly field: string;
  /** Each to be entered exactly so. */
  readonly values: readonly string[];
  /** What there is to know about the field. */
  readonly note?: string;
}

/** The fields of Logto's Console that this sign-in depends on. Nothing in them is secret. */
export async function fixHints(subject: DoctorSubject, checks: readonly CheckReport[]): Promise<FixHint[]> {
  const { scopes, resources, device } = subject.signIn;
  const appId = await applicationId(subject);
  const application = `Applications > ${appId ?? '(create one)'}`;
  const apis = resources.filter((resource) => resource !== organizationResource);
  const ofApis = scopes.filter((scope) => !scope.startsWith('urn:logto:'));
  const redirects: FixHint[] = [
    { page: application, field: 'Redirect URIs', values: [await subject.redirectUri()] },
    {
      page: application,
      field: 'Post sign-out redirect URIs',
      values: [await subject.postLogoutRedirectUri()],
    },
    {
      page: application,
      field: 'CORS allowed origins',
      values: [],
      note: 'nothing to enter: this program is no web page',
    },
  ];
  return [
    { page: application, field: 'Application type', values: [typeFor(subject, checks)] },
    ...(device ? [] : redirects),
    ...(resources.length > apis.length
      ? [{ page: 'Organizations', field: 'Members', values: [], note: 'the user who signs in must be one' }]
      : []),
    ...apis.map((resource) => ({ page: 'API resources', field: 'API identifier', values: [resource] })),
    ...(apis.length > 0 && ofApis.length > 0
      ? [
          {
            page: 'API resources',
            field: 'Permissions',
            values: ofApis,
            note: "and a role of the user's has them",
          },
        ]
      : []),
  ];
}

/** The same for a person, page by page. */
export function fixHintLines(hints: readonly FixHint[], paint: Paint): string[] {
  const width = widest(hints.map(({ field }) => field));
  const pages = [...new Set(hints.map(({ page }) => page))];
  return [
    paint.bold("What to enter in Logto's Console"),
    ...pages.flatMap((page) => [
      `  ${plainText(page)}`,
      ...hints
        .filter((hint) => hint.page === page)
        .flatMap(({ field, values, note }) => {
          const remark = note === undefined ? [] : [paint.dim(`(${note})`)];
          const lines = [...values.map((value) => plainText(value)), ...remark];
          return lines.map((line, index) => `    ${(index === 0 ? field : '').padEnd(width)}  ${line}`);
        }),
    ]),
  ];
}

/** The type that goes with what is known: a secret means a confidential application. */
function typeFor(subject: DoctorSubject, checks: readonly CheckReport[]): string {
  if (subject.signIn.device) return 'Native, for the device flow';
  const secret = checks.find(({ id }) => id === 'application.type');
  const isConfidential =
    subject.settings.appSecret !== undefined || /^confidential/.test(secret?.message ?? '');
  return isConfidential ? 'Traditional web' : 'Native app or Single page app';
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
