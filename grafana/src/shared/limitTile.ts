import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byQuery, configFromData } from './configFromData.js';
import { PROMETHEUS } from './dataSources.js';
import type { Limit } from './limit.js';
import { instantQuery } from './promQuery.js';
import { steps } from './steps.js';
import { tile } from './tile.js';
import type { TileSettings } from './tile.js';

export interface LimitTileSettings extends TileSettings {
  /** PromQL, in the unit that people read. */
  readonly value: string;
  readonly unit: string;
  readonly decimals: number;
  /** What stands there where the number is absent. */
  readonly absent: string;
  readonly limit: Limit;
  /** Which side of the limit is good; the limit itself is. */
  readonly good: 'at least' | 'at most';
}

/** A number above its limit in words, green on the good side and red on the other; number and limit are of one moment. */
export function limitTile({
  value,
  unit,
  decimals,
  absent,
  limit,
  good,
  ...settings
}: LimitTileSettings): PanelBuilder {
  const [base, beyond] = good === 'at least' ? ['red', 'green'] : ['green', 'red'];
  // A step holds from its value on; a number at its upper limit is still good.
  const step = good === 'at least' ? limit.value : `${limit.value} + 0.000001`;
  return (
    tile(settings)
      .datasource(PROMETHEUS)
      .withTarget(instantQuery('A', value))
      .withTarget(instantQuery('limit', step))
      .withTarget(instantQuery('text', limit.text))
      .textMode(BigValueTextMode.ValueAndName)
      .unit(unit)
      .decimals(decimals)
      .noValue(absent)
      .thresholds(steps(base))
      // Of several queries in one panel Grafana names the values after the query.
      .withTransformation(configFromData('limit', byQuery('A'), [{ column: 'Value #limit', as: { color: beyond } }]))
      .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]))
  );
}
