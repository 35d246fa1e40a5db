import type { Notify, Recipient } from './alert.js';
import type { LabelTexts } from './texts.js';

/** Who is told, by role. A template where that depends on the alert. */
export function recipientsText(recipients: Notify['recipients'], { ifLabel }: LabelTexts<string>): string {
  return recipients
    .map((to) =>
      typeof to === 'string' || 'person' in to ? `,${whoIs(to)}` : ifLabel(to.only.label, to.only.value, `,${to.role}`),
    )
    .join('')
    .slice(1);
}

/** The label `recipients` of an alert: the roles that are always told. */
export function recipientsLabel(recipients: Notify['recipients']): string {
  return recipients.filter((to) => typeof to === 'string').join(',');
}

export function whoIs(to: Recipient): string {
  if (typeof to === 'string') return to;
  return 'person' in to ? to.person : to.role;
}
