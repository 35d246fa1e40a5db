import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe } from './describe.js';
import type { PanelText } from './describe.js';

export interface TileSettings {
  readonly id: number;
  readonly title: string;
  readonly at: GridPos;
  readonly text: PanelText;
}

const TILE_HEIGHT = 3;

/** One number, large. The colour is the number's, from the panel's thresholds. */
export function tile({ id, title, at, text }: TileSettings): PanelBuilder {
  const panel = new PanelBuilder()
    .id(id)
    .title(title)
    .description(describe(text))
    .gridPos(at)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .justifyMode(BigValueJustifyMode.Center)
    .textMode(BigValueTextMode.Value)
    // Name and number side by side: one above the other the name gets a sixth of the height.
    .wideLayout(true)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  // Else Grafana writes each name as large as it fits, and six tiles in six sizes.
  return at.h > TILE_HEIGHT ? panel : panel.text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(32));
}

/** The place of a tile in the two rows of three that stand first on each page. Six side by side cut their titles at 1280 pixels. */
export function inFirstRows(position: 0 | 1 | 2 | 3 | 4 | 5): GridPos {
  return { x: (position % 3) * 8, y: position < 3 ? 0 : TILE_HEIGHT, w: 8, h: TILE_HEIGHT };
}
