import type { VNode } from 'preact';
import { formatMetricBrief } from '../../format/formatMetric.js';
import { metricTitle } from '../../format/metricTitle.js';
import type { DailyValue } from '../../kpi/history/dailyValues.js';
import { targetSign } from './headline.js';
import { dayAt, dayIndex, PAST_DAYS, shortDay, valueOfDay } from './past.js';
import type { KpiPast, KpiStatus, MetricStatus } from './statusModel.js';

interface Drawn {
  readonly metric: MetricStatus;
  readonly past: KpiPast;
  readonly days: readonly DailyValue[];
}

/** Ninety days of a metric in the height of a line, or in words why there are none. */
export function Sparkline({ kpi, metric }: { kpi: KpiStatus; metric: MetricStatus }): VNode {
  const drawn = drawable(kpi, metric);
  if (typeof drawn === 'string') return <span class="soft small">{drawn}</span>;
  const { days } = drawn;
  const values = days.map((day) => valueOfDay(metric, day));
  const scale = scaleOf(values, 2, 30);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${PAST_DAYS - 1} 32`}
      preserveAspectRatio="none"
      role="img"
      aria-label={inWords(drawn)}
    >
      <Line drawn={drawn} scale={scale} />
    </svg>
  );
}

const HEIGHT = 100;

/** The same large: with its limits, the target, the band of all series and the months. */
export function HistoryChart({ kpi, metric }: { kpi: KpiStatus; metric: MetricStatus }): VNode {
  const drawn = drawable(kpi, metric);
  if (typeof drawn === 'string') return <p class="soft">History: {drawn}.</p>;
  const { days, past } = drawn;
  const { target } = metric;
  const [least, greatest] = [Math.min(...days.map((day) => day.least)), Math.max(...days.map((day) => day.greatest))];
  const scale = scaleOf([least, greatest, ...(target === null ? [] : [target.value])], 10, 88);
  const hasBand = days.some((day) => day.series > 1);
  return (
    <figure class="chart">
      <figcaption>
        {metricTitle(metric.name, metric.unit)}
        {hasBand ? ', the worst of all series, and between which values they lie' : ''}: {inWords(drawn)}.
      </figcaption>
      <svg role="img" aria-label={inWords(drawn)}>
        <svg viewBox={`0 0 ${PAST_DAYS - 1} ${HEIGHT}`} preserveAspectRatio="none" width="100%" height="100%">
          {[least, greatest].map((value, index) => (
            <path key={index} class="grid" d={`M0 ${at(scale(value))}H${PAST_DAYS - 1}`} />
          ))}
          {target !== null && <path class="limit" d={`M0 ${at(scale(target.value))}H${PAST_DAYS - 1}`} />}
          {hasBand && <path class="band" d={bandPath(drawn, scale)} />}
          <Line drawn={drawn} scale={scale} />
        </svg>
        {greatest !== least && <Level value={greatest} metric={metric} y={scale(greatest)} />}
        <Level value={least} metric={metric} y={scale(least)} />
        {target !== null && (
          <text class="limit" x="25%" y={`${at(scale(target.value))}%`} dy="-4">
            target {targetSign(metric)} {formatMetricBrief(target.value, metric)}
          </text>
        )}
      </svg>
      <div class="axis" aria-hidden="true">
        {[0, 30, 60, PAST_DAYS - 1].map((index) => (
          <span key={index}>{shortDay(dayAt(index, past.today), past)}</span>
        ))}
      </div>
    </figure>
  );
}

function Level({ value, metric, y }: { value: number; metric: MetricStatus; y: number }): VNode {
  return (
    <text x="0" y={`${at(y)}%`} dy="-4">
      {formatMetricBrief(value, metric)}
    </text>
  );
}

/** Why there is nothing to draw, or what there is. */
function drawable({ past }: KpiStatus, metric: MetricStatus): Drawn | string {
  if (!metric.history) return 'no daily record';
  if (past.value === null) return past.problem === null ? 'not read yet' : 'not read';
  const days = past.value.days.get(metric.name) ?? [];
  return days.length === 0 ? 'no day recorded' : { metric, past: past.value, days };
}

function inWords({ metric, past, days }: Drawn): string {
  const values = days.map((day) => ({ day: day.day, value: valueOfDay(metric, day) }));
  const say = ({ day, value }: { day: string; value: number }): string =>
    `${formatMetricBrief(value, metric)} on ${shortDay(day, past)}`;
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return '';
  const lowest = values.reduce((low, one) => (one.value < low.value ? one : low), first);
  const highest = values.reduce((high, one) => (one.value > high.value ? one : high), first);
  const kept = `${days.length} of the last ${PAST_DAYS} days recorded`;
  if (lowest.value === highest.value) return `${kept}, always ${formatMetricBrief(last.value, metric)}`;
  return `${kept}: from ${say(first)} to ${say(last)}; lowest ${say(lowest)}, highest ${say(highest)}`;
}

type Scale = (value: number) => number;

/** From the least value at `bottom` to the greatest at `top`; one value alone lies between. */
function scaleOf(values: readonly number[], top: number, bottom: number): Scale {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const range = greatest - least;
  return (value) => (range === 0 ? (top + bottom) / 2 : bottom - ((value - least) / range) * (bottom - top));
}

/** A day without a record is a gap; a day between two gaps is a dot, which its round ends make of no length. */
function Line({ drawn: { metric, past, days }, scale }: { drawn: Drawn; scale: Scale }): VNode {
  return (
    <>
      {runsOf(days, past).map((run) => {
        const points = run.map((day) => `${dayIndex(day.day, past.today)} ${at(scale(valueOfDay(metric, day)))}`);
        const isDot = points.length === 1;
        return <path class={isDot ? 'line dot' : 'line'} d={`M${points.join('L')}${isDot ? 'h0' : ''}`} />;
      })}
    </>
  );
}

function bandPath({ past, days }: Drawn, scale: Scale): string {
  return runsOf(days, past)
    .map((run) => {
      const point = (day: DailyValue, value: number): string => `${dayIndex(day.day, past.today)} ${at(scale(value))}`;
      const there = run.map((day) => point(day, day.greatest));
      const back = run.toReversed().map((day) => point(day, day.least));
      return `M${[...there, ...back].join('L')}Z`;
    })
    .join('');
}

/** Days that follow each other. */
function runsOf(days: readonly DailyValue[], { today }: KpiPast): DailyValue[][] {
  const runs: DailyValue[][] = [];
  let before = NaN;
  for (const day of days) {
    const index = dayIndex(day.day, today);
    if (index !== before + 1) runs.push([]);
    runs.at(-1)?.push(day);
    before = index;
  }
  return runs;
}

function at(y: number): string {
  return String(Math.round(y * 100) / 100);
}
