import type { Capture } from './capture.ts'
import { readWord, type Segment, segmentTypes } from './header.ts'

/** d_tag values (gABI, chapter 5, "Dynamic section"; the last five are GNU extensions). */
const tags = {
  end: 0,
  needed: 1,
  strings: 5,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  bindNow: 24,
  runpath: 29,
  flags: 30,
  flags1: 0x6ffffffb,
  definitions: 0x6ffffffc,
  definitionCount: 0x6ffffffd,
  needs: 0x6ffffffe,
  needCount: 0x6fffffff,
} as const

const neededLimit = 4096
const stringLimit = 4096
/** Most bytes of all names of one file together; libLLVM needs 2 KB. */
const nameBudget = 4 * 1024 * 1024

/** What a dynamic section says, as numbers only: addresses and offsets into the string table. */
export interface DynamicTable {
  readonly needed: readonly number[]
  readonly soname?: number
  readonly rpath?: number
  readonly runpath?: number
  readonly strings?: { readonly address: number; readonly size: number }
  readonly needs?: { readonly address: number; readonly count: number }
  readonly definitions?: { readonly address: number; readonly count: number }
  /** DF_1_PIE: an executable although its type is "shared object". */
  readonly pie: boolean
  /** DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW: every symbol is bound before the program starts. */
  readonly bindsNow: boolean
}

/** Reads entries up to DT_NULL or the end. For more than 4096 needed libraries returns an error text. */
export function parseDynamic(bytes: Buffer): DynamicTable | string {
  const values = new Map<number, number>()
  const needed: number[] = []
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = readWord(bytes, at)
    const value = readWord(bytes, at + 8)
    if (tag === tags.end) break
    if (tag !== tags.needed) values.set(tag, value)
    else if (needed.push(value) > neededLimit) return `more than ${neededLimit} needed libraries`
  }
  const table = (address: number | undefined, count: number | undefined) =>
    address === undefined ? undefined : { address, count: count ?? 0 }
  const strings = values.get(tags.strings)
  const needs = table(values.get(tags.needs), values.get(tags.needCount))
  const definitions = table(values.get(tags.definitions), values.get(tags.definitionCount))
  const soname = values.get(tags.soname)
  const rpath = values.get(tags.rpath)
  const runpath = values.get(tags.runpath)
  const flags1 = values.get(tags.flags1) ?? 0
  return {
    needed,
    pie: (flags1 & 0x0800_0000) !== 0,
    bindsNow: values.has(tags.bindNow) || ((values.get(tags.flags) ?? 0) & 8) !== 0 || (flags1 & 1) !== 0,
    ...(soname === undefined ? {} : { soname }),
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    ...(strings === undefined
      ? {}
      : { strings: { address: strings, size: values.get(tags.stringsSize) ?? 0 } }),
    ...(needs === undefined ? {} : { needs }),
    ...(definitions === undefined ? {} : { definitions }),
  }
}

/** The file offset of an address in the loaded file; undefined when no segment holds it. */
export function fileOffset(segments: readonly Segment[], address: number): number | undefined {
  for (const segment of segments) {
    if (segment.type !== segmentTypes.load) continue
    const within = address - segment.address
    if (within >= 0 && within < segment.size) return segment.offset + within
  }
  return undefined
}

/** Reads strings of the dynamic string table by their offset. */
export interface StringTable {
  /** Undefined when outside the table, unterminated, longer than 4096 bytes, or when too much was read. */
  at(offset: number): string | undefined
  /** Whether the table has this exact string; true when that is not known because the table was cut off. */
  mayHave(text: string): boolean
}

export function createStringTable(capture: Capture, offset: number, size: number): StringTable {
  const whole = capture.read(offset, size)
  const bytes = whole ?? capture.readFrom(offset) ?? Buffer.alloc(0)
  let left = nameBudget
  return {
    at(start) {
      if (start >= bytes.length) return undefined
      const end = bytes.indexOf(0, start)
      if (end === -1 || end - start > Math.min(stringLimit, left)) return undefined
      left -= end - start
      return bytes.toString('utf8', start, end)
    },
    // Linkers let one string be the end of another: "x_dlopen" then stands for "dlopen" too.
    mayHave: (text) => whole === undefined || whole.includes(`${text}\0`),
  }
}
