import { constants, createGzip, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { ZlibEngine } from './zlib-engine.ts'

const engine = (chunkSize: number) => new ZlibEngine(createGzip({ chunkSize, flush: constants.Z_FINISH }))

/** Hardly compressible, so that results are longer and shorter than the output buffer. */
function input(size: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, at) => Math.imul(at * seed + 7, 2654435761) >>> 24))
}

it.each([1024, 2 * Buffer.poolSize])(
  'results in memory of their own stay when the output buffer (%d bytes) is released',
  async (size) => {
    const whole = engine(size)
    const inputs = Array.from({ length: 20 }, (_, at) => input(at * 19973, at + 1))
    const results: Buffer[] = []
    for (const each of inputs) results.push(await whole.runWhole(each))
    expect(results.every((result, at) => gunzipSync(result).equals(inputs[at] ?? result))).toBe(true)
    expect(results.every((result) => result.buffer.byteLength === result.length)).toBe(true)
  },
)

it('gives the same bytes in pieces and in one', async () => {
  const [pieces, whole] = [engine(1 << 17), engine(1 << 17)]
  for (const each of [input(5000, 3), input(10, 5), input(1 << 16, 11)])
    expect(await whole.runWhole(each)).toEqual(Buffer.concat(await pieces.run(each)))
})
