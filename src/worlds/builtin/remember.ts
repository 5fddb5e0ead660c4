/** `make`, whose values are kept as long as what they were made of. */
export function rememberWhileAlive<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const kept = new WeakMap<K, V>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    kept.set(key, made);
    return made;
  };
}

/** `make`, whose last `count` values are kept; a kept one costs a lookup. */
export function rememberLast<K, V>(count: number, make: (key: K) => V): (key: K) => V {
  const kept = new Map<K, V>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    kept.set(key, made);
    if (kept.size > count) kept.delete(kept.keys().next().value as K);
    return made;
  };
}
