import { z } from 'zod';

// The form that the KPI queries demand of addresses in rows: no display name, no comma, nothing that a header, a
// template or a shell would read.
export const ADDRESS =
  /^[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
const MAX_ADDRESS_CHARACTERS = 254;

/** Whether a mail can be addressed to it; in SQL it is portfolio_is_usable_email. */
export function isUsableAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_CHARACTERS && ADDRESS.test(text);
}

/** One address in a file. */
export const address = (description: string) =>
  z
    .string()
    .max(MAX_ADDRESS_CHARACTERS, 'is longer than an address may be (254 characters)')
    .regex(ADDRESS, 'is not an address such as name@example.test: no display name, no list, no blanks')
    .meta({ description });
