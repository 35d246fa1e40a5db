import type { Notify, Recipient } from './alert.js';
import { labelTexts } from './texts.js';

/** The label `recipients`: who is told, by role. A template where that depends on the alert. */
export function recipientsLabel(recipients: Notify['recipients']): string {
  return recipients.map(labelPart).join('').slice(1);
}

function labelPart(recipient: Recipient): string {
  if (typeof recipient === 'string') return `,${recipient}`;
  if ('person' in recipient) return `,${recipient.person}`;
  const { role, only } = recipient;
  return labelTexts.ifLabel(only.label, only.value, `,${role}`);
}
