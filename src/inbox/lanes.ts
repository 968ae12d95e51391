/** Work that must not overlap, in order, by key. A rejected piece of work does not hold up what follows. */
export interface Lanes {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is under way in any lane. */
  idle(): Promise<void>
}

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const before = tails.get(key) ?? Promise.resolve()
      const result = before.then(work, work)
      const tail = result
        .catch(() => {})
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key)
        })
      tails.set(key, tail)
      return result
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}
