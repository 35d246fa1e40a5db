import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
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

/** One number, large. The colour is the number's, from the panel's thresholds. */
export function tile({ id, title, at, text }: TileSettings): PanelBuilder {
  return new PanelBuilder()
    .id(id)
    .title(title)
    .description(describe(text))
    .gridPos(at)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .justifyMode(BigValueJustifyMode.Center)
    .textMode(BigValueTextMode.Value)
    .wideLayout(false)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

/** The place of a tile in the row of six that stands first on each page. */
export function inFirstRow(position: 0 | 1 | 2 | 3 | 4 | 5): GridPos {
  return { x: position * 4, y: 0, w: 4, h: FIRST_ROW_HEIGHT };
}

export const FIRST_ROW_HEIGHT = 4;
