import { expect, it } from 'vitest';
import { PANEL_CONTRACT } from './panelContract.js';
import type { Shape } from './panelContract.js';
import { isChoice } from './shapeProblems.js';

const { shapes, panels, fieldConfig, transformations, targets } = PANEL_CONTRACT;

/** Every string inside of a shape that says what a value may be. */
function leaves(shape: Shape): string[] {
  if (typeof shape === 'string') return [shape];
  if (isChoice(shape)) return [];
  return Object.entries(shape).flatMap(([key, inner]) => (key === '|' ? [] : leaves(inner)));
}

const all = [
  ...Object.values(panels).flatMap(({ options, custom }) => [options, custom]),
  shapes,
  fieldConfig,
  transformations,
  targets,
].flatMap(leaves);

it('refers to shapes that it has, and uses each', () => {
  const named = new Set(all.filter((leaf) => leaf.startsWith('@')).map((leaf) => leaf.slice(1)));
  expect([...named].toSorted()).toEqual(Object.keys(shapes).toSorted());
});

it('knows no other kinds of values than the checks do', () => {
  const kinds = new Set(all.filter((leaf) => !leaf.startsWith('@')).flatMap((leaf) => leaf.split('|')));
  expect([...kinds].toSorted()).toEqual(
    ['any', 'boolean', 'null', 'number', 'string', '~color', '~pattern', '~reducer', '~unit'].toSorted(),
  );
});

it('has a shape for each standard option of a panel', () => {
  const used = new Set(Object.values(panels).flatMap(({ standard }) => [...standard]));
  expect([...used].toSorted()).toEqual(Object.keys(fieldConfig).toSorted());
});
