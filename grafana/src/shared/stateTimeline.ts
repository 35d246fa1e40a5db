import { TimelineValueAlignment } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { describe } from './describe.js';
import type { PanelText } from './describe.js';
import { noLegend, tooltip } from './legend.js';

interface TimelineSettings {
  readonly id: number;
  readonly title: string;
  readonly at: GridPos;
  readonly text: PanelText;
  /** The sentence of an empty panel. */
  readonly empty: string;
}

/** Bars in lanes, all on one page: without the page size that the SDK puts in, and a pager that says 1 (dropSdkDefaults.ts). */
export function stateTimeline({ id, title, at, text, empty }: TimelineSettings): PanelBuilder {
  return (
    new PanelBuilder()
      .id(id)
      .title(title)
      .description(describe(text))
      .gridPos(at)
      // States are words.
      .unit('string')
      .noValue(empty)
      .alignValue(TimelineValueAlignment.Left)
      .legend(noLegend())
      .tooltip(tooltip('single'))
      .fillOpacity(85)
  );
}
