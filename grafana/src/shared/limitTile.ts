import { BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byQuery, configFromData } from './configFromData.js';
import { PROMETHEUS } from './dataSources.js';
import { scoped } from './limit.js';
import type { Limit } from './limit.js';
import { absentAs } from './mappings.js';
import { computed, instantQuery } from './promQuery.js';
import { greyWhereStale, orItsAge, staleQuery, unlessStale } from './stale.js';
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
  /** The KPI of the number; with it, an old number is grey and says its age, and `absent` is said only where the KPI was computed without a number, else that nothing is known. */
  readonly kpi?: string;
  readonly limit: Limit;
  /** Said before the limit, on a page with a chooser that the number does not follow. */
  readonly scope?: string;
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
  scope,
  good,
  ...settings
}: LimitTileSettings): PanelBuilder {
  const [base, beyond] = good === 'at least' ? ['red', 'green'] : ['green', 'red'];
  // A step holds from its value on; a number at its upper limit is still good.
  const step = good === 'at least' ? limit.value : `${limit.value} + 0.000001`;
  const text = kpi === undefined ? limit.text : orItsAge(limit.text, kpi);
  const panel = tile(settings)
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', kpi === undefined ? value : `${value} or on () ${computed(kpi)} * NaN`))
    .withTarget(instantQuery('limit', kpi === undefined ? step : unlessStale(step, kpi)))
    .withTarget(instantQuery('text', scope === undefined ? text : scoped(text, scope)))
    // Not lastNotNull, which passes over NaN as well.
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
    .textMode(BigValueTextMode.ValueAndName)
    .unit(unit)
    .decimals(decimals)
    .noValue(absent)
    // Where the limit is not known either; else its text takes this one's place.
    .displayName(scope === undefined ? 'limit unknown' : `${scope}, limit unknown`)
    // What is not known is neither good nor bad; a mapping wins over the steps.
    .mappings(
      kpi === undefined
        ? [absentAs(absent, 'text')]
        : [absentAs(absent, 'text', 'nan'), absentAs('Unknown', 'text', 'null')],
    )
    .thresholds(steps(base))
    // Of several queries in one panel Grafana names the values after the query.
    .withTransformation(configFromData('limit', byQuery('A'), [{ column: 'Value #limit', as: { color: beyond } }]))
    .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]));
  return kpi === undefined ? panel : panel.withTarget(staleQuery(kpi)).withTransformation(greyWhereStale());
}
