import type { VNode } from 'preact';
import { formatQuantity } from '../../config/quantity.js';
import { formatValue } from '../../format/formatValue.js';
import type { ThresholdStatus } from './statusModel.js';
import { visibleText } from '../../format/visibleText.js';

/** Every threshold with value and meaning, one table for each category. */
export function ThresholdTables({ thresholds }: { thresholds: readonly ThresholdStatus[] }): VNode {
  const categories = [...new Set(thresholds.map((threshold) => threshold.category))];
  return (
    <div class="thresholds">
      {categories.map((category) => (
        <table key={category}>
          <caption>{visibleText(category.replaceAll('_', ' '))}</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="num">
                Value
              </th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {thresholds
              .filter((threshold) => threshold.category === category)
              .map((threshold) => (
                <tr key={threshold.name}>
                  <th scope="row">
                    <code>{visibleText(threshold.name)}</code>
                  </th>
                  <td class="num" title={`${String(threshold.value)} ${threshold.unit}`}>
                    {formatThresholdStatus(threshold)}
                    {!threshold.isDefault && <b> · changed</b>}
                  </td>
                  <td class="why">{visibleText(threshold.description, 400)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

/** As thresholds.yaml writes it, so that what is read here can be typed there. */
export function formatThresholdStatus({ value, unit, formatted }: ThresholdStatus): string {
  if (formatted !== undefined) return visibleText(formatted);
  return unit === 'timestamp_seconds' ? formatValue(value, unit) : formatQuantity(value, unit);
}
