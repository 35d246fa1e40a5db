import { DateTime } from 'luxon';
import { isDay } from '../../kpi/unit/moment.js';
import { Refused, quoted } from './refused.js';

/** How many texts are remembered: a file has the same days over and over. */
const REMEMBERED = 10_000;
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)\s?(Z|[+-](?:0\d|1[0-5]):?[0-5]\d)?)?$/;

/** Reads days (`YYYY-MM-DD`) and moments as SQL writes them. */
export interface TimeReader {
  readonly day: (text: string) => string | Refused;
  /** Without an offset in the text it has none either: the session's time zone is the configured one. */
  readonly moment: (text: string) => string | Refused;
}

/**
 * Reads by ISO 8601, or by the formats that the mapping gives, in Luxon's tokens (`dd/MM/yyyy`), and by nothing else. Of several
 * formats those that fit must agree.
 */
export function timeReader(formats: readonly string[]): TimeReader {
  const parse = formats.length === 0 ? { day: isoDay, moment: isoMoment } : byFormats(formats);
  return { day: remembering(parse.day), moment: remembering(parse.moment) };
}

function remembering(read: (text: string) => string | Refused): (text: string) => string | Refused {
  const known = new Map<string, string | Refused>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = read(text);
    if (known.size < REMEMBERED) known.set(text, result);
    return result;
  };
}

function isoDay(text: string): string | Refused {
  // Programs write a day as its midnight.
  const [, day = text] = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?$/.exec(text) ?? [];
  return isDay(day) && day >= '0001' ? day : new Refused(explain(text, 'YYYY-MM-DD'));
}

function isoMoment(text: string): string | Refused {
  const [, day = '', time = '00:00', offset = ''] = MOMENT.exec(text) ?? [];
  return isDay(day) && day >= '0001' ? `${day} ${time}${offset}` : new Refused(explain(text, 'YYYY-MM-DDTHH:MM:SSZ'));
}

function byFormats(formats: readonly string[]): TimeReader {
  const read = (text: string, write: (time: DateTime) => string): string | Refused => {
    const fitting = formats
      .map((format) => ({
        format,
        time: DateTime.fromFormat(text, format, { locale: 'en-US', zone: 'utc', setZone: true }),
      }))
      .filter(({ time }) => time.isValid);
    const written = new Set(fitting.map(({ time }) => write(time)));
    const [one, other] = written;
    if (one === undefined) {
      return new Refused(
        `${quoted(text)} is not written as ${formats.join(' or ')}, as the mapping says (date_format)`,
      );
    }
    if (other === undefined) return one;
    return new Refused(
      `${quoted(text)} is ${[...written].join(' or ')}, by which of ${fitting.map(({ format }) => format).join(', ')}? ` +
        'leave one date_format in the mapping',
    );
  };
  const hasOffset = (format: string): boolean => /Z|z/.test(format.replaceAll(/'[^']*'/g, ''));
  const isAware = formats.some(hasOffset);
  return {
    day: (text) => read(text, (time) => time.toFormat('yyyy-MM-dd')),
    moment: (text) =>
      read(text, (time) => time.toFormat(isAware ? 'yyyy-MM-dd HH:mm:ss.SSSZZ' : 'yyyy-MM-dd HH:mm:ss.SSS')),
  };
}

function explain(text: string, wanted: string): string {
  if (/^[=@]/.test(text)) return `${quoted(text)} is a formula, not a date; export the values`;
  const [, first, second] = /^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b/.exec(text) ?? [];
  if (first === undefined || second === undefined) return `${quoted(text)} is not written as ${wanted}`;
  const readings =
    Number(first) <= 12 && Number(second) <= 12 && first !== second ? 'can be two days' : `is not written as ${wanted}`;
  return `${quoted(text)} ${readings}; say date_format: dd/MM/yyyy or MM/dd/yyyy in the mapping, as the file has it`;
}
