import { resolve } from 'node:path'
import { TemperError } from '../base/error.ts'
import { writeFileAtomic } from '../base/file.ts'
import { printable } from '../base/printable.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import { refuseFormatAsFile, scanFormatWord } from './habits/format-words.ts'
import type { Host } from './host.ts'
import { flagOption, listOption, textOption } from './options/option.ts'
import { formatOfFile, isScanFormat, type ScanFormat, scanFormats, writeScan } from './report/scan/format.ts'
import type { Style } from './style.ts'

/** Where the results of a scan go. */
export interface ScanOutputs {
  /** What is printed on standard output. */
  readonly printed: ScanFormat
  readonly files: readonly { readonly format: ScanFormat; readonly path: string }[]
}

/**
 * Reads `--format`, `-o FILE`, `-o FORMAT=FILE` and `--json`. With files the terminal still gets its own report.
 * Throws `bad-usage` for formats that do not exist or cannot be told.
 */
export function scanOutputs(options: Readonly<Record<string, unknown>>): ScanOutputs {
  const asked = textOption(options, 'format')
  const format = asked === undefined ? undefined : parseFormat(asked)
  const files = listOption(options, 'output').map((text) => {
    const [, name, path] = /^([a-z-]+)=(.+)$/s.exec(text) ?? []
    if ((path ?? text) === '-') {
      throw new TemperError('bad-usage', `-o ${text}: expected a file`, {
        hint: 'Without -o, --format FORMAT writes to standard output.',
      })
    }
    if (name !== undefined && path !== undefined) return { format: parseFormat(name), path }
    refuseFormatAsFile(text, scanFormats)
    const told = format ?? formatOfFile(text)
    if (told !== undefined) return { format: told, path: text }
    throw new TemperError('bad-usage', `-o ${text}: its ending does not say in which format`, {
      hint: `Write FORMAT=FILE, such as sarif=${text}, or give --format: ${scanFormats.join(', ')}.`,
    })
  })
  const json = flagOption(options, 'json')
  if (json && format !== undefined && format !== 'json' && files.length === 0)
    throw new TemperError('bad-usage', `--json and --format ${format} exclude each other`, {
      hint: 'Give one of the two, or write the other one to a file with -o.',
    })
  return { printed: files.length === 0 ? (format ?? 'terminal') : 'terminal', files }
}

function parseFormat(word: string): ScanFormat {
  const text = scanFormatWord(word)
  if (isScanFormat(text)) return text
  throw new TemperError('bad-usage', `"${text}" is not a format for scans`, {
    hint: `Use one of ${scanFormats.join(', ')}.`,
  })
}

/** Writes the files, each whole or not at all; returns their paths. */
export async function writeScanFiles(
  reports: readonly ScanReport[],
  { files }: ScanOutputs,
  { workingDir }: Pick<Host, 'workingDir'>,
): Promise<readonly string[]> {
  const written: string[] = []
  for (const { format, path } of files) {
    const texts = await writeScan(format, reports, { style: plain, columns: 100, verbose: true })
    const file = resolve(workingDir, path)
    await writeFileAtomic(file, bytesOf(texts))
    written.push(file)
  }
  return written
}

async function* bytesOf(texts: Iterable<string>): AsyncGenerator<Uint8Array, void, void> {
  for (const text of texts) yield Buffer.from(plain.finished(text))
}

const same = (text: string) => text
const plain: Style = { finished: printable, bold: same, dim: same, good: same, warn: same, bad: same }
