import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of garbage and of what is new that may gather until V8 has to look. */
const gatheringLimit = 48 << 20

/**
 * For work on many things that are forgotten one after the other: V8 would let several times what is alive gather before it
 * collects. The function is to be called after each of them.
 */
export function smallHeap(): () => void {
  // Most of one thing then fits into the young generation, and is gone before it has to be moved to the old one.
  setFlagsFromString('--semi-space-growth-factor=2')
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  let alive = usedHeap()
  return () => {
    if (usedHeap() < alive + gatheringLimit) return
    collect()
    alive = usedHeap()
  }
}

function usedHeap(): number {
  return getHeapStatistics().used_heap_size
}
