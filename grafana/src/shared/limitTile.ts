import { BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byQuery, configFromData } from './configFromData.js';
import { PROMETHEUS } from './dataSources.js';
import type { Limit } from './limit.js';
import { absentAs } from './mappings.js';
import { computed, instantQuery } from './promQuery.js';
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
  /** The KPI of the number; with it, `absent` is said only where the KPI was computed without a number, else that nothing is known. */
  readonly kpi?: string;
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
  kpi,
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
      .withTarget(instantQuery('A', kpi === undefined ? value : `${value} or on () ${computed(kpi)} * NaN`))
      .withTarget(instantQuery('limit', step))
      .withTarget(instantQuery('text', limit.text))
      // Not lastNotNull, which passes over NaN as well.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .textMode(BigValueTextMode.ValueAndName)
      .unit(unit)
      .decimals(decimals)
      .noValue(absent)
      // Where the limit is not known either; else its text takes this one's place.
      .displayName('limit unknown')
      // What is not known is neither good nor bad; a mapping wins over the steps.
      .mappings(
        kpi === undefined
          ? [absentAs(absent, 'text')]
          : [absentAs(absent, 'text', 'nan'), absentAs('Unknown', 'text', 'null')],
      )
      .thresholds(steps(base))
      // Of several queries in one panel Grafana names the values after the query.
      .withTransformation(configFromData('limit', byQuery('A'), [{ column: 'Value #limit', as: { color: beyond } }]))
      .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]))
  );
}
