import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PROMETHEUS } from '../shared/dataSources.js';
import { valueTexts } from '../shared/mappings.js';
import { CHOSEN_OR_SHARED } from '../shared/ofPortfolio.js';
import { rangeQuery } from '../shared/promQuery.js';
import { stateTimeline } from '../shared/stateTimeline.js';

/** When each target of Prometheus answered. */
export function scrapes(id: number, at: GridPos): PanelBuilder {
  return stateTimeline({
    id,
    title: 'Scrapes',
    at,
    empty: 'Prometheus gives no answer',
    text: {
      shows:
        'Whether each target of Prometheus answered: green yes, red no; a gap is a time that Prometheus itself did not see.',
      whenRed:
        'portfolio-exporter: no number is updated by that replica. alertmanager: messages are not sent. grafana: these pages cannot be opened.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(rangeQuery('A', `min by (job, instance) (up{${CHOSEN_OR_SHARED}})`, '{{job}} {{instance}}'))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.7)
    .lineWidth(0)
    .mappings([valueTexts({ 0: { text: 'no answer', color: 'red' }, 1: { text: 'answers', color: 'green' } })]);
}
