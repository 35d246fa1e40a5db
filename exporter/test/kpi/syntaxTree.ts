export type Tree = Record<string, unknown>;

/** A node of the syntax tree seen from its parent, so that it can be replaced. */
export interface Place {
  readonly parent: Tree | unknown[];
  readonly key: string | number;
  readonly node: Tree;
  /** The arms of a UNION stand in the tree without the wrapper that names the kind of node. */
  readonly isBare: boolean;
}

/** A change that is made in the tree and taken back after the text of the mutant has been written. */
export interface Change {
  readonly what: string;
  readonly apply: () => () => void;
  /** The node to quote in the mutant's name. */
  readonly at: Tree;
}

export function places(root: Tree): Place[] {
  const found: Place[] = [];
  const visit = (parent: Tree | unknown[], key: string | number, value: unknown): void => {
    if (Array.isArray(value)) {
      for (const [index, child] of value.entries()) visit(value, index, child);
    } else if (isTree(value)) {
      const isBare = key === 'larg' || key === 'rarg';
      found.push({ parent, key, node: isBare ? { SelectStmt: value } : value, isBare });
      for (const [name, child] of Object.entries(value)) visit(value, name, child);
    }
  };
  visit({ root }, 'root', root);
  return found;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function set(body: Tree, key: string, value: unknown, what: string, at: Tree): Change {
  return { what, at, apply: () => assign(body, key, value) };
}

export function swap(place: Place, by: Tree | undefined, what: string, at: Tree = place.node): Change {
  return { what, at, apply: () => assign(place.parent, place.key, by) };
}

export function assign(parent: Tree | unknown[], key: string | number, value: unknown): () => void {
  const holder = parent as Record<string | number, unknown>;
  const before = holder[key];
  holder[key] = value;
  return () => {
    holder[key] = before;
  };
}

export function both(...undo: readonly (() => void)[]): () => void {
  return () => undo.forEach((one) => one());
}

export function list(value: unknown): Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function asTree(value: unknown): Tree {
  return isTree(value) ? value : fail(`not a node: ${JSON.stringify(value)}`);
}

export function sval(node: Tree | undefined): string {
  return textOf(asTree(node?.['String'])['sval']);
}

/** An empty string is left out of the tree. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function fail(message: string): never {
  throw new Error(message);
}
