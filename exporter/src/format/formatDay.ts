const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A day `YYYY-MM-DD` as people write it: `21 Nov`, and `21 Nov 2026` unless it is in the year of `inYearOf`. */
export function formatDay(day: string, inYearOf?: string): string {
  const [year, month, date] = day.split('-');
  const name = monthName(month).slice(0, 3);
  const short = `${Number(date)} ${name}`;
  return year === inYearOf?.slice(0, 4) ? short : `${short} ${year ?? ''}`;
}

/** A month `YYYY-MM` (or a day of it): `November 2026`. */
export function formatMonth(month: string): string {
  const [year, number] = month.split('-');
  return `${monthName(number)} ${year ?? ''}`;
}

/** For an axis: `Nov 26`. */
export function formatShortMonth(month: string): string {
  const [year, number] = month.split('-');
  return `${monthName(number).slice(0, 3)} ${(year ?? '').slice(-2)}`;
}

function monthName(number: string | undefined): string {
  return MONTHS[Number(number) - 1] ?? '';
}
