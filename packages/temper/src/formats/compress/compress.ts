import { availableParallelism } from 'node:os'
import { TemperError } from '../../base/error.ts'
import type { Compressor } from '../../model/lock.ts'
import { nativeCompress } from './native.ts'
import { definitionCompress } from './pool.ts'
import { type CompressOnce, expectedProbe, probeDigest } from './probe.ts'

export interface MemberCompressor {
  readonly spec: Compressor
  /** What does the work: node:zlib, if it was shown to give the same bytes, or the definition itself. */
  readonly engine: 'native' | 'definition'
  /**
   * Turns one chunk (up to 64 MiB; 1 MiB is usual) into one complete gzip member or zstd frame. The result depends on
   * the chunk and the spec alone. Calls may overlap; the chunk must not change until the call is done.
   */
  compress(chunk: Uint8Array): Promise<Uint8Array>
}

/** Remembers results of the self-test; keys name definition, level, Node version and CPU. */
export interface VerdictStore {
  get(key: string): boolean | undefined
  set(key: string, equal: boolean): void
}

export interface CompressorOptions {
  /** Avoids repeating the self-test, which takes about 10 ms. */
  readonly verdicts?: VerdictStore
  /** "definition" never uses node:zlib. Default "auto". */
  readonly engine?: 'auto' | 'definition'
  /** Worker threads when the definition itself has to run; default the number of CPUs, at most 4. */
  readonly threads?: number
}

const mostBytes = 64 * 2 ** 20

/** The compressor that new locks name. At its level, more time would gain little (docs, decision on compression). */
export function defaultCompressor(format: Compressor['format']): Compressor {
  return format === 'gzip'
    ? { format, level: 4, definition: 'pako-3.0.3' }
    : { format, level: 3, definition: 'zstd-1.5.7' }
}

/**
 * Makes the compressor that a lock names. zlib's output differs between builds and CPUs, and a digest must
 * not: so the bytes are defined by fixed implementations (compress-definition.ts), and node:zlib, twice
 * as fast, is used only when it gives the very same bytes for a probe.
 * Errors: `bad-lock` when this version does not have the definition or level.
 */
export async function createCompressor(
  spec: Compressor,
  options: CompressorOptions = {},
): Promise<MemberCompressor> {
  const expected = spec.definition === defaultCompressor(spec.format).definition && expectedProbe(spec)
  if (!expected) {
    throw new TemperError(
      'bad-lock',
      `This version of Temper cannot compress with ${spec.format}, "${spec.definition}", level ${spec.level}`,
      {
        hint: 'Use the version of Temper that wrote the lock, or write a new one.',
        next: { action: 'make-lock' },
        details: { compressor: spec },
      },
    )
  }
  const native = nativeCompress(spec)
  const proved = options.engine !== 'definition' && (await isProved(native, { spec, expected, options }))
  const threads = options.threads ?? Math.min(4, availableParallelism())
  const once = proved ? native : definitionCompress(spec, { threads })
  return {
    spec,
    engine: proved ? 'native' : 'definition',
    compress: async (chunk) => {
      if (chunk.length <= mostBytes) return once(chunk)
      throw new TemperError('internal', `A member of ${chunk.length} bytes is larger than ${mostBytes}`)
    },
  }
}

async function isProved(
  native: CompressOnce,
  facts: { readonly spec: Compressor; readonly expected: string; readonly options: CompressorOptions },
): Promise<boolean> {
  const { spec, expected, options } = facts
  const { versions, arch, platform } = process
  const built = `node-${versions.node}-${platform}-${arch}-zlib-${versions.zlib}-zstd-${versions['zstd']}`
  const key = `${spec.definition}/${spec.level}/${expected}/${built}`
  const known = options.verdicts?.get(key)
  if (known !== undefined) return known
  const equal = (await probeDigest(native)) === expected
  options.verdicts?.set(key, equal)
  return equal
}
