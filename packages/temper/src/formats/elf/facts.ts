import type { ElfFacts, ElfProtections } from '../../model/package/package-content.ts'
import type { Capture } from './capture.ts'
import {
  createStringTable,
  type DynamicTable,
  fileOffset,
  parseDynamic,
  type StringTable,
} from './dynamic.ts'
import { type ElfHeader, elfTypes, parseSegments, type Segment, segmentTypes } from './header.ts'
import { dynamicLimit, interpreterLimit } from './plan.ts'
import { parseVersionDefinitions, parseVersionNeeds, VersionTableDamage } from './versions.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Puts the facts together from the captured ranges. What cannot be read is left out and reported in `damaged`. */
export function readFacts(header: ElfHeader, capture: Capture, size: number): ElfFacts {
  const problems: string[] = header.unsupported === undefined ? [] : [header.unsupported]
  const facts: Mutable<ElfFacts> = {
    machine: header.machine,
    bits: header.bits,
    kind: header.type === elfTypes.executable ? 'executable' : 'other',
    needed: [],
    runpath: [],
    rpath: [],
    versionNeeds: {},
    versionDefinitions: [],
  }
  const segments = header.programTable.length > 0 ? readSegments(header, capture, size) : []
  if (!segments) problems.push('the program headers lie outside the file')
  const interpreter = readInterpreter(segments ?? [], capture)
  if (interpreter?.path !== undefined) facts.interpreter = interpreter.path
  if (interpreter?.problem !== undefined) problems.push(interpreter.problem)
  const dynamic = readDynamic(segments ?? [], capture)
  if (typeof dynamic === 'string') problems.push(dynamic)
  else if (dynamic) addDynamicFacts(facts, { table: dynamic, segments: segments ?? [], capture, problems })
  if (header.type === elfTypes.shared) {
    const pie = typeof dynamic === 'object' && dynamic.pie
    facts.kind =
      pie || (facts.interpreter !== undefined && facts.soname === undefined) ? 'executable' : 'shared'
  }
  if (problems[0] !== undefined) facts.damaged = problems[0]
  else if (segments !== undefined) {
    const strings =
      typeof dynamic === 'object' ? openStrings({ table: dynamic, segments, capture, problems }) : undefined
    facts.protections = protectionsOf(header, segments, { dynamic, strings })
  }
  return facts
}

function protectionsOf(
  { type }: ElfHeader,
  segments: readonly Segment[],
  {
    dynamic,
    strings,
  }: { readonly dynamic: DynamicTable | string | undefined; readonly strings: StringTable | undefined },
): ElfProtections {
  const bindsNow = typeof dynamic === 'object' && dynamic.bindsNow
  const hasRelro = segments.some((segment) => segment.type === segmentTypes.readOnlyAfterRelocation)
  const stack = segments.find((segment) => segment.type === segmentTypes.stack)
  return {
    positionIndependent: type === elfTypes.shared,
    // A program without a dynamic section has nothing left to bind.
    relro: !hasRelro ? 'none' : bindsNow || dynamic === undefined ? 'full' : 'partial',
    executableStack: stack?.executable === true,
    ...(segments.some(isWritableCode) ? { writableCode: true } : {}),
    ...(strings === undefined ? {} : { stackProtector: strings.mayHave('__stack_chk_fail') }),
  }
}

function isWritableCode({ type, writable, executable, size }: Segment): boolean {
  return type === segmentTypes.load && writable && executable && size > 0
}

function readSegments(header: ElfHeader, capture: Capture, size: number): Segment[] | undefined {
  const table = capture.read(header.programTable.offset, header.programTable.length)
  return table && parseSegments(table, size)
}

function readInterpreter(
  segments: readonly Segment[],
  capture: Capture,
): { readonly path?: string; readonly problem?: string } | undefined {
  const segment = segments.find((candidate) => candidate.type === segmentTypes.interpreter)
  if (!segment) return undefined
  const bytes = capture.read(segment.offset, Math.min(segment.size, interpreterLimit))
  const end = bytes?.indexOf(0) ?? -1
  if (!bytes || end <= 0) return { problem: 'the interpreter is not a terminated string within the file' }
  return { path: bytes.toString('utf8', 0, end) }
}

function readDynamic(segments: readonly Segment[], capture: Capture): DynamicTable | string | undefined {
  const segment = segments.find((candidate) => candidate.type === segmentTypes.dynamic)
  if (!segment || (segment.size === 0 && !segment.cut)) return undefined
  const bytes = segment.cut ? undefined : capture.read(segment.offset, Math.min(segment.size, dynamicLimit))
  return bytes ? parseDynamic(bytes) : 'the dynamic section lies outside the file'
}

interface DynamicContext {
  readonly table: DynamicTable
  readonly segments: readonly Segment[]
  readonly capture: Capture
  readonly problems: string[]
}

function addDynamicFacts(facts: Mutable<ElfFacts>, context: DynamicContext): void {
  const { table, problems } = context
  const strings = openStrings(context)
  if (!strings) return
  const text = (offset: number): string | undefined => {
    const name = strings.at(offset)
    if (name === undefined) problems.push('a name lies outside the string table or the kept range')
    return name
  }
  const list = (offset: number | undefined) =>
    offset === undefined ? [] : (text(offset)?.split(':') ?? []).filter((part) => part !== '')
  facts.needed = table.needed.map(text).filter((name) => name !== undefined)
  facts.rpath = list(table.rpath)
  facts.runpath = list(table.runpath)
  const soname = table.soname === undefined ? undefined : text(table.soname)
  if (soname !== undefined) facts.soname = soname
  if (['dlopen', 'dlmopen'].some((name) => strings.mayHave(name))) facts.opensLibraries = true
  if (strings.mayHave('iconv_open')) facts.convertsText = true
  if (['system', 'popen', 'wordexp'].some((name) => strings.mayHave(name))) facts.asksForShell = true
  addVersions(facts, context, strings)
}

function openStrings({ table, segments, capture, problems }: DynamicContext): StringTable | undefined {
  if (!table.strings) {
    if (table.needed.length > 0) problems.push('there is no string table')
    return undefined
  }
  const offset = fileOffset(segments, table.strings.address)
  if (offset === undefined) {
    problems.push('the string table lies outside the file')
    return undefined
  }
  // Names that are needed may all stand in the part that was kept, so a cut table is no damage by itself.
  return createStringTable(capture, offset, table.strings.size)
}

function addVersions(facts: Mutable<ElfFacts>, context: DynamicContext, strings: StringTable): void {
  const { table, segments, capture, problems } = context
  const open = (address: number): Buffer => {
    const offset = fileOffset(segments, address)
    const bytes = offset === undefined ? undefined : capture.readFrom(offset)
    if (!bytes) throw new VersionTableDamage('a version table lies outside the file or the kept range')
    return bytes
  }
  try {
    if (table.definitions) {
      const { address, count } = table.definitions
      facts.versionDefinitions = parseVersionDefinitions(open(address), count, strings)
    }
    if (table.needs) {
      const { address, count } = table.needs
      const needs = parseVersionNeeds(open(address), count, strings)
      facts.versionNeeds = Object.fromEntries([...needs].filter(([, versions]) => versions.length > 0))
    }
  } catch (error) {
    if (!(error instanceof VersionTableDamage)) throw error
    problems.push(error.message)
  }
}
