/** The resource indicator of Logto's Management API, where Logto is one's own. */
export const managementResource = 'https://default.logto.app/api';

/** The one scope that it has. */
export const managementScope = 'all';
