/** A JSON value with one place of it changed: `undefined` takes the key away. Throws where the path leads nowhere. */
export function changed(json: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(json);
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((holder, key) => keysOf(holder)[key], copy);
  if (last === undefined) return value;
  const keys = keysOf(parent);
  if (value === undefined && !(last in keys)) throw new Error(`no ${path.join('.')} to take away`);
  if (value === undefined) Reflect.deleteProperty(keys, last);
  else keys[last] = value;
  return copy;
}

function keysOf(holder: unknown): Record<string | number, unknown> {
  if (typeof holder !== 'object' || holder === null) throw new Error(`no keys in ${JSON.stringify(holder)}`);
  return holder as Record<string | number, unknown>;
}
