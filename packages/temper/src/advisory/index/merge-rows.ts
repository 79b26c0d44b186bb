import { compareRows, type Row } from './record/row.ts'

interface Cursor {
  readonly source: AsyncIterator<readonly Row[]>
  rows: readonly Row[]
  at: number
  head: Row
}

const batch = 2000

/** Merges sorted rows of several sources into one order. */
export async function* mergeRows(
  sources: readonly AsyncIterable<readonly Row[]>[],
): AsyncGenerator<readonly Row[], void, void> {
  const heap: Cursor[] = []
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  try {
    for (const source of iterators) {
      const first = await nextRows(source)
      const head = first?.[0]
      if (first !== undefined && head !== undefined) heap.push({ source, rows: first, at: 0, head })
    }
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i)
    let out: Row[] = []
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      out.push(top.head)
      if (out.length >= batch) {
        yield out
        out = []
      }
      if (!(forward(top) || (await refill(top)))) {
        const last = heap.pop()
        if (last !== undefined && last !== top) heap[0] = last
      }
      sink(heap, 0)
    }
    if (out.length > 0) yield out
  } finally {
    for (const source of iterators) await source.return?.()
  }
}

function forward(cursor: Cursor): boolean {
  const head = cursor.rows[++cursor.at]
  if (head === undefined) return false
  cursor.head = head
  return true
}

async function refill(cursor: Cursor): Promise<boolean> {
  const rows = await nextRows(cursor.source)
  const head = rows?.[0]
  if (rows === undefined || head === undefined) return false
  cursor.rows = rows
  cursor.at = 0
  cursor.head = head
  return true
}

/** The next batch that is not empty. */
async function nextRows(source: AsyncIterator<readonly Row[]>): Promise<readonly Row[] | undefined> {
  for (;;) {
    const { done, value } = await source.next()
    if (done) return undefined
    if (value.length > 0) return value
  }
}

/** Lets the cursor at `index` sink to its place in the heap (the smallest row is on top). */
function sink(heap: Cursor[], index: number): void {
  const cursor = heap[index]
  if (cursor === undefined) return
  let at = index
  for (;;) {
    const left = 2 * at + 1
    let child = heap[left]
    let place = left
    const right = heap[left + 1]
    if (child === undefined) break
    if (right !== undefined && compareRows(right.head, child.head) < 0) {
      child = right
      place = left + 1
    }
    if (compareRows(cursor.head, child.head) <= 0) break
    heap[at] = child
    at = place
  }
  heap[at] = cursor
}
