export interface ChartForm {
  /** Of text and of lines; in HTML `currentColor` follows the theme. */
  readonly text: string;
  readonly line: string;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly width: number;
  readonly height: number;
  /** Lines that the legend needs at this width. */
  readonly legendLines: number;
}
