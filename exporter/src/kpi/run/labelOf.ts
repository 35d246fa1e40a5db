import { KpiResultError } from '../unit/unit.js';
import type { KpiUnit, MetricDefinition } from '../unit/unit.js';

const ELLIPSIS = '…';
/** One address or a list of them; the last may be cut off already. */
const ADDRESSES = /^[!-+--?A-~]+@[!-+--?A-~]+(, ?[!-+--?A-~]+@[!-+--?A-~]+)*(, ?[!-+--~]*)?$/;

/**
 * A label's value within `label_value_length_limit`. Where an `..._id` label tells the series apart, a longer text is only a
 * name: it is cut on a character's boundary and ends in an ellipsis, so that one row does not silence the KPI. Of a list of
 * addresses those stay that fit.
 * @throws {KpiResultError} for a longer text that identifies the series itself
 */
export function labelOf(
  unit: KpiUnit,
  metric: MetricDefinition,
  { label, text, row }: { readonly label: string; readonly text: string; readonly row: number },
): string {
  const limit = unit.maxLabelBytes;
  // One character takes at most three bytes for each of its UTF-16 units.
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return text;
  if (isId(label) || !metric.labels.some(isId)) {
    throw new KpiResultError(
      `label ${label} of ${metric.name} is longer than ${limit} bytes in row ${row} and tells series apart; ` +
        `shorten it in ${unit.name}.sql, add a label that ends in _id, or raise label_value_length_limit in exporter.yaml`,
    );
  }
  // Half an address is another's, or keeps the whole mail from being sent: only whole ones stay.
  if (ADDRESSES.test(text)) return text.slice(0, Math.max(0, text.lastIndexOf(',', limit)));
  const bytes = Buffer.from(text);
  let end = limit - Buffer.byteLength(ELLIPSIS);
  // 10xxxxxx continues a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ELLIPSIS;
}

function isId(label: string): boolean {
  return label.endsWith('_id');
}
