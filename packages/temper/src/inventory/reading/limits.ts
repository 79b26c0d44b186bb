import type { FileReader } from '../cataloguer.ts'

/** Bounds of what is read from one image or folder. */
export interface InventoryLimits {
  /** Bytes of one layer once decompressed, and of all its files with their holes. Default 64 GiB. */
  readonly layerBytes: number
  /**
   * How many times larger a layer may be than its blob, once it is over 4 GiB: bombs are. Default 200; real layers
   * stay below 20.
   */
  readonly layerRatio: number
  /** Files, folders and links of all layers together. Default 3,000,000. */
  readonly entries: number
  /** Bytes of the facts that one layer may give. Default 512 MiB. */
  readonly factBytes: number
  /** Notes that are kept of one layer, and of the whole. Default 1,000. */
  readonly notes: number
}

export const defaultLimits: InventoryLimits = {
  layerBytes: 64 * 2 ** 30,
  layerRatio: 200,
  entries: 3_000_000,
  factBytes: 512 << 20,
  notes: 1000,
}

/** Bytes of a selected file that are read when its reader says nothing else. */
const defaultSizeLimit = 256 << 20

export function sizeLimitOf({ sizeLimit }: Pick<FileReader<unknown>, 'sizeLimit'>): number {
  return sizeLimit ?? defaultSizeLimit
}

/** What a layer may be in any case before its ratio counts. */
const ratioFloor = 4 * 2 ** 30

/** Most bytes that a layer of `size` compressed bytes may hold. */
export function layerRoom(size: number, limits: InventoryLimits): number {
  return Math.min(limits.layerBytes, Math.max(ratioFloor, size * limits.layerRatio))
}
