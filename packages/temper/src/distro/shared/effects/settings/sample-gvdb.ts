/** What readers see in a file of GVDB: its keys, their parents, types and values, without places in the file. */
export function readGvdb(file: Uint8Array): unknown {
  const bytes = Buffer.from(file)
  const table = (start: number, end: number): unknown => {
    const head = start + 8 + 4 * bytes.readUInt32LE(start + 4)
    const rows = Array.from({ length: (end - head) / 24 }, (_, i) => head + 24 * i)
    const name = (row: number) =>
      bytes
        .subarray(bytes.readUInt32LE(row + 8))
        .subarray(0, bytes.readUInt16LE(row + 12))
        .toString()
    const value = (row: number) => {
      const type = bytes.subarray(row + 14, row + 15).toString('latin1')
      const [from, to] = [bytes.readUInt32LE(row + 16), bytes.readUInt32LE(row + 20)]
      if (type === 'H') return table(from, to)
      if (type === 'v') return { aligned: from % 8 === 0, bytes: bytes.subarray(from, to).toString('latin1') }
      const list = Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readUInt32LE(from + 4 * i))
      return { type, list: list.map((index) => name(rows[index] ?? 0)) }
    }
    const parent = (row: number) => {
      const index = bytes.readUInt32LE(row + 4)
      return index === 0xffffffff ? null : name(rows[index] ?? 0)
    }
    return Object.fromEntries(
      rows
        .map((row): [string, unknown] => [name(row), [bytes.readUInt32LE(row), parent(row), value(row)]])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  }
  return [bytes.subarray(0, 16).toString('latin1'), table(bytes.readUInt32LE(16), bytes.readUInt32LE(20))]
}
