import { z } from 'zod';

/** Whether the runtime knows the name as an IANA time zone; offsets such as +02:00 are not names. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) {
    return false;
  }
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

/** An IANA time zone name such as UTC or Europe/Berlin. */
export const timeZoneSchema = z.string().refine(isTimeZone, {
  error: (issue) => `"${String(issue.input)}" is not an IANA time zone such as UTC or Europe/Berlin`,
});
