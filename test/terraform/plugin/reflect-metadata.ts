// @peculiar/x509 needs the metadata API of `Reflect` before it is loaded. This is as much of it as
// its dependency injection uses: metadata of a class, or of a class and a member.
const store = new WeakMap<object, Map<string, unknown>>();

const keyOf = (key: unknown, property: unknown) => `${String(key)} ${String(property ?? "")}`;

function defineMetadata(key: unknown, value: unknown, target: object, property?: unknown): void {
  const entries = store.get(target) ?? new Map<string, unknown>();
  store.set(target, entries.set(keyOf(key, property), value));
}

function getOwnMetadata(key: unknown, target: object, property?: unknown): unknown {
  return store.get(target)?.get(keyOf(key, property));
}

function getMetadata(key: unknown, target: object, property?: unknown): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const found = getOwnMetadata(key, at, property);
    if (found !== undefined) return found;
  }
  return undefined;
}

function metadata(key: unknown, value: unknown) {
  return (target: object, property?: unknown) => defineMetadata(key, value, target, property);
}

Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata, metadata });
