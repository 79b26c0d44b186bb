import type { ElfFacts } from '../../model/package/package-content.ts'
import { type Capture, createCapture } from './capture.ts'
import { readFacts } from './facts.ts'
import { type ElfHeader, headerSize, mayBeElf, parseElfHeader, parseSegments } from './header.ts'
import { headLimit, planCapture } from './plan.ts'

/** Collects what the dynamic loader would need to know about a file while its bytes go by. */
export interface ElfCollector {
  /** Takes the next bytes of the file, from its start, in pieces of any size. The chunk is not kept. */
  write(chunk: Uint8Array): void
  /** After the last byte: the facts, or undefined when the file is not ELF. Never throws on bad content. */
  finish(): ElfFacts | undefined
}

/** What a program has in it that starts a shell itself (exec(3)) instead of asking the C library to. */
const shellText = Buffer.from('/bin/sh')

/** A program header table further from the start than this is read when it comes by. */
const nearTable = 128 * 1024
/** How much is kept from such a late table on: the strings often stand right behind it. */
const lateWindow = 1024 * 1024

/**
 * `size` is the length of the file in bytes. Files that are not ELF cost only a comparison of four bytes; of ELF
 * files at most 34 MiB, and usually a few hundred KiB, are held until `finish`.
 */
export function createElfCollector(size: number): ElfCollector {
  let position = 0
  let isElf = true
  let header: ElfHeader | undefined
  let capture: Capture | undefined
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let namesShell = false

  /** Looks for the text "/bin/sh", which may extend across two pieces. */
  const lookForShell = (chunk: Uint8Array) => {
    if (namesShell) return
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const seam = Buffer.concat([tail, bytes.subarray(0, shellText.length - 1)])
    namesShell = seam.includes(shellText) || bytes.includes(shellText)
    tail = Buffer.from(
      bytes.length >= shellText.length
        ? bytes.subarray(1 - shellText.length)
        : seam.subarray(1 - shellText.length),
    )
  }

  /** Adds to the head until it has `target` bytes; returns how many bytes of the chunk it took. */
  const fillHead = (chunk: Uint8Array, target: number): number => {
    const taken = Math.max(0, Math.min(chunk.length, target - head.length))
    if (taken > 0) head = Buffer.concat([head, chunk.subarray(0, taken)])
    return taken
  }

  const startCapture = (from: ElfHeader) => {
    capture = createCapture(planFor(from, head, size))
    capture.write(0, head)
  }

  /** Header first, then the program headers; when both are there the plan can be made. */
  const readHead = (chunk: Uint8Array): Uint8Array => {
    let rest = chunk
    if (!header) {
      rest = rest.subarray(fillHead(rest, headerSize))
      isElf = mayBeElf(head)
      if (!isElf || head.length < headerSize) return rest
      header = parseElfHeader(head)
    }
    const target = headTarget(header)
    rest = rest.subarray(fillHead(rest, target))
    if (head.length >= target) startCapture(header)
    return rest
  }

  return {
    write(chunk) {
      if (!isElf) return
      if (capture) {
        lookForShell(chunk)
        capture.write(position, chunk)
        position += chunk.length
        return
      }
      const rest = readHead(chunk)
      if (isElf) lookForShell(chunk)
      position += chunk.length
      // readHead sets it; the assignment in a closure is invisible to the type checker.
      const started = capture as Capture | undefined
      started?.write(position - rest.length, rest)
    },
    finish() {
      if (!isElf || head.length < 4) return undefined
      if (!header) return truncated()
      if (!capture) startCapture(header)
      const facts = capture ? readFacts(header, capture, size) : undefined
      return facts !== undefined && namesShell ? { ...facts, namesShell } : facts
    },
  }
}

/** How many bytes from the start are read before the plan is made. */
function headTarget(header: ElfHeader): number {
  const end = header.programTable.offset + header.programTable.length
  return header.programTable.length === 0 || end > nearTable ? headerSize : Math.max(headerSize, end)
}

function planFor(header: ElfHeader, head: Buffer, size: number): { start: number; end: number }[] {
  const { offset, length } = header.programTable
  const kept = { start: 0, end: head.length }
  if (header.unsupported !== undefined || length === 0) return [kept]
  if (offset + length <= head.length) {
    return [kept, ...planCapture(parseSegments(head.subarray(offset, offset + length), size))]
  }
  // The table comes late (patchelf moves it): keep the usual places and what stands around the table.
  return [
    { start: 0, end: Math.min(size, headLimit) },
    { start: offset, end: Math.min(size, offset + lateWindow) },
  ]
}

function truncated(): ElfFacts {
  return {
    machine: 0,
    bits: 64,
    kind: 'other',
    needed: [],
    runpath: [],
    rpath: [],
    versionNeeds: {},
    versionDefinitions: [],
    damaged: 'the file ends within the ELF header',
  }
}
