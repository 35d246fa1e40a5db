import type { RecipientRole } from '../../config/recipientRoles.js';

/** A role as people write it: `Portfolio Analyst`. */
export function roleTitle(role: RecipientRole): string {
  return role.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
