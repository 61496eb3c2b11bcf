import { inConsole } from '../../logto-console.js';
import { randomValue } from '../../oidc/pkce.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, unclear } from '../run/claused-check.js';
import { type CheckWithUser, judgeRefusal } from './check-with-user.js';
import { judgeAudience, judgeClaims } from './judged-token.js';
import { judgeSignature } from './jwt-signature.js';
import type { TestedUser } from './tested-user.js';
import { tokenIn } from './token-for.js';

interface Row extends Omit<CheckWithUser, 'run'> {
  readonly judge: (organization: string, subject: TestedUser) => Promise<CheckResult>;
}

const rows: readonly Row[] = [
  {
    id: 'organization.token',
    title: 'A token for an organization',
    clause: 'No standard: organization tokens (organization_id)',
    needs: ['refresh.works'],
    judge: async (organization, subject) =>
      judgeAudience(
        await subject.tokenForOrganization(organization),
        `urn:logto:organization:${organization}`,
        subject,
        { organization },
      ),
  },
  {
    id: 'organization.signature',
    title: 'Signature of a token for an organization',
    clause: 'RFC 9068, 4',
    needs: ['organization.token'],
    judge: async (organization, subject) =>
      judgeSignature((await subject.tokenForOrganization(organization)).jwt, 'access token', subject),
  },
  {
    id: 'organization.claims',
    title: 'Claims of a token for an organization',
    clause: 'RFC 9068, 2.2',
    needs: ['organization.token', 'id-token.present'],
    judge: async (organization, subject) =>
      judgeClaims(await subject.tokenForOrganization(organization), subject),
  },
  {
    id: 'organization.unknown',
    title: 'A token for an unknown organization',
    clause: 'No standard: organization tokens (organization_id)',
    needs: ['refresh.works'],
    judge: async (_, subject) => {
      const parameters = { organization_id: randomValue() };
      const answer = await (await subject.session()).refresh({ parameters });
      return judgeRefusal(answer, 'an organization that the user is no member of', ['access_denied']);
    },
  },
  {
    id: 'organization.membership',
    title: 'UserInfo names the organization',
    clause: 'No standard: scope urn:logto:scope:organizations',
    needs: ['organization.token', 'userinfo.answers'],
    judge: async (organization, subject) => {
      const list = (await subject.userInfo()).json?.['organizations'];
      if (!Array.isArray(list)) return unclear('UserInfo does not tell the organizations of the user.');
      return list.includes(organization)
        ? passed(`among ${list.length}`)
        : {
            ...failed(
              'UserInfo does not name the organization, though a token for it is given.',
              'Compare with the members of the organization at the provider.',
            ),
            logto: { hint: `Compare with ${inConsole('Organizations', 'the organization', 'Members')}.` },
          };
    },
  },
  {
    id: 'organization.resource',
    title: 'A token for a resource within the organization',
    clause: 'No standard: organization-level API resources',
    needs: ['organization.token', 'resource.token'],
    judge: async (organization, subject) => {
      const [resource] = subject.options.resources;
      if (resource === undefined) return skipped('No resource is given: --resource <indicator>');
      const parameters = { resource, organization_id: organization };
      const token = tokenIn(await (await subject.session()).refresh({ parameters }));
      const result = judgeAudience(token, resource, subject, { resource, organization });
      if (result.outcome !== 'passed' || token.claims['organization_id'] === organization) return result;
      return failed(
        'The token for a resource within the organization does not name it (organization_id).',
        'APIs cannot tell whose data it opens: the provider has to be corrected.',
      );
    },
  },
];

/** Tokens for an organization (`--organization`). */
export const organizationChecks: readonly CheckWithUser[] = rows.map(({ judge, ...row }) => ({
  ...row,
  run: async (subject) => {
    const { organization } = subject.options;
    return organization === undefined
      ? skipped('No organization is given: --organization <id>')
      : judge(organization, subject);
  },
}));
