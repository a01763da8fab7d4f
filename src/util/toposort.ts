/** A directed graph in words: each name with the names that must come before it. */
export type Dependencies = ReadonlyMap<string, Iterable<string>>;

/** What {@link toposort} gives: an order, or the circle that makes one impossible. */
export type TopologicalOrder = { readonly order: readonly string[] } | { readonly cycle: readonly string[] };

/** Puts each name after all that it depends on; otherwise the order of the map is kept. Names that are not in the map are passed over. */
export function toposort(dependencies: Dependencies): TopologicalOrder {
  const order: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (name: string): readonly string[] | undefined => {
    if (done.has(name)) return undefined;
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    trail.push(name);
    for (const before of dependencies.get(name) ?? []) {
      const cycle = dependencies.has(before) ? visit(before) : undefined;
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const name of dependencies.keys()) {
    const cycle = visit(name);
    if (cycle) return { cycle };
  }
  return { order };
}
