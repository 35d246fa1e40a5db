import type { Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';

/** The place of something inside a document: map keys and list indices from the top. */
export type YamlPath = readonly PropertyKey[];

interface Place {
  readonly key: Node | null;
  readonly value: Node | null;
}

export interface YamlLocator {
  /** The value at a path, following aliases; undefined where the path does not exist, null where it has no value. */
  readonly valueAt: (path: YamlPath) => Node | null | undefined;
  /** Where to point: at a written scalar itself, at the key of anything larger, at the parent of what is missing. */
  readonly offsetOf: (path: YamlPath) => number;
}

/** Finds paths in a document; each map is indexed once, because a hostile file may have many problems in one map. */
export function locateYaml(document: Document.Parsed): YamlLocator {
  const indices = new Map<YAMLMap, ReadonlyMap<string, Pair<Node, Node | null>>>();

  function itemsOf(map: YAMLMap): ReadonlyMap<string, Pair<Node, Node | null>> {
    const known = indices.get(map);
    if (known !== undefined) {
      return known;
    }
    const pairs = map.items as Pair<Node, Node | null>[];
    const index = new Map(pairs.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    indices.set(map, index);
    return index;
  }

  function placeAt(path: YamlPath): Place | undefined {
    let place: Place = { key: null, value: document.contents };
    for (const part of path) {
      const parent = isAlias(place.value) ? (place.value.resolve(document) ?? null) : place.value;
      if (!isCollection(parent)) {
        return undefined;
      }
      const item = isMap(parent) ? itemsOf(parent).get(String(part)) : (parent.items[Number(part)] as Node | undefined);
      if (item === undefined) {
        return undefined;
      }
      place = isPair(item) ? { key: item.key, value: item.value } : { key: null, value: item };
    }
    return place;
  }

  function offsetOf(path: YamlPath): number {
    for (let length = path.length; length > 0; length -= 1) {
      const place = placeAt(path.slice(0, length));
      if (place !== undefined) {
        const written = isScalar(place.value) && !isEmpty(place.value.range);
        const scalar = length === path.length && written;
        return (scalar || place.key === null ? place.value : place.key)?.range?.[0] ?? 0;
      }
    }
    return document.contents?.range[0] ?? 0;
  }

  return { valueAt: (path) => placeAt(path)?.value, offsetOf };
}

/** A value left out (`key:`) has no length; an empty text (`""`) has its quotes. */
function isEmpty(range: Scalar['range']): boolean {
  return range === undefined || range === null || range[0] === range[1];
}
