import type { RecipientRole } from '../config/recipientRoles.js';
import type { RecipientsFile } from '../config/recipientsFile.js';

export interface Recipient {
  readonly address: string;
  /** The first of the roles that he has. */
  readonly role: RecipientRole;
}

/** Who has one of the roles, by recipients.yaml; each address once, whatever its roles and its letters' case. */
export function recipientsOf({ recipients }: RecipientsFile, roles: readonly RecipientRole[]): Recipient[] {
  const known = new Map<string, Recipient>();
  for (const role of roles) {
    for (const address of recipients[role]) {
      if (!known.has(address.toLowerCase())) known.set(address.toLowerCase(), { address, role });
    }
  }
  return [...known.values()];
}
