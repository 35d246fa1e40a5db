import { TimelineValueAlignment } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
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

/** Bars in lanes, all on one page. */
export function stateTimeline({ id, title, at, text, empty }: TimelineSettings): PanelBuilder {
  return (
    new UnpagedPanelBuilder()
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

/** Without the page size that the SDK puts into every panel, and with it a pager that says 1. */
class UnpagedPanelBuilder extends PanelBuilder {
  override build(): Panel {
    const panel = super.build();
    const options = { ...(panel.options as Record<string, unknown>) };
    delete options['perPage'];
    return { ...panel, options };
  }
}
