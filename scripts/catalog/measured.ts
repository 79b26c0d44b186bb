import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an image measured when it was built last, by platform ("linux/amd64"). */
export type Measured = Readonly<Record<string, Measure>>

export interface Measure {
  /** Number of packages. */
  readonly packages: number
  /** Bytes of the layers as transferred. */
  readonly size: number
  /** Bytes of the files. */
  readonly unpacked?: number
  /** Names of the packages, with a space between them. */
  readonly inside?: string
  /** The same packages installed by apt on the essential ones of Debian. */
  readonly debian?: { readonly packages: number; readonly unpacked: number }
}

/** The measures that `npm run long -- catalog` keeps, by the name of the image. */
export function readMeasured(root: string): Readonly<Record<string, Measured>> {
  return JSON.parse(readFileSync(join(root, 'catalog/measured.json'), 'utf8'))
}

/** "7.4 MB", as clients of registries count: a million bytes. */
export function megabytes(bytes: number): string {
  const value = bytes / 1_000_000
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MB`
}
