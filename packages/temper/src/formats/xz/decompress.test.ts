import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { chunked } from '../bytes/fixtures/chunked.ts'
import { decompressXz, decompressXzFile, type XzOptions } from './decompress.ts'
import { storedXz } from './fixtures/stored.ts'
import { smallInput } from './small.ts'

const folder = mkdtempSync(join(tmpdir(), 'temper-xz-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** `hello hello hello hello\n` as xz writes it with other options than Debian's. */
const odd = {
  'a BCJ filter':
    '/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4AAXAAxdADQZSe6N6VYKwSGwAABsFO0bO2i7kQABKBjXg7duH7bzfQEAAAAABFla',
  'a SHA-256 check':
    '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AAXAAxdADQZSe6N6VYKwSGwAABm2vy93xJlpTbHzU3EWLUN48EJztwIls23cEFhbJigAwABQBh4YpPDGJtLmgEAAAAAClla',
  'a dictionary of 128 MiB':
    '/Td6WFoAAATm1rRGAgAhAR4AAACbB1Fm4AAXAAxdADQZSe6N6VYKwSGwAABsFO0bO2i7kQABKBjXg7duH7bzfQEAAAAABFla',
}

/** 1 MiB of zeros. */
const zeros = Buffer.from(
  '/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM7///ANldAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1Iq9+SVJQAAAAAAHOo4pwAB8QGAgEAAb9Xu3D4wDYsCAAAAAAFZWg==',
  'base64',
)

const parts = [Buffer.alloc(150_000, 'abc'), Buffer.alloc(1, 'x'), Buffer.alloc(70_001, 'defgh')]
const text = Buffer.concat(parts)
const large = storedXz(parts)
const small = storedXz([Buffer.from('hello'), Buffer.from(' world')])

function hostXz(): string | undefined {
  for (const path of ['/usr/bin/xz', '/bin/xz', '/usr/local/bin/xz', '/opt/homebrew/bin/xz']) {
    try {
      if (/XZ Utils/.test(execFileSync(path, ['--version'], { encoding: 'utf8' }))) return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return undefined
}

const xzProgram = hostXz()
const decoders: [string, XzOptions][] = [['the built-in decoder', { what: 'test.xz', limit: 1 << 20 }]]
if (xzProgram !== undefined) decoders.push(["the host's xz", { what: 'test.xz', limit: 1 << 20, xzProgram }])

let files = 0

/** Reads the data as a stream and as a region of a file with something around it. */
async function bothWays(data: Uint8Array, options: XzOptions): Promise<unknown[]> {
  const path = join(folder, `region-${files++}`)
  writeFileSync(path, Buffer.concat([Buffer.from('lead-in'), data, Buffer.from('\n')]))
  const streams = [
    decompressXz(chunked(data, 9000), options),
    decompressXzFile({ path, offset: 7, size: data.length }, options),
  ]
  return Promise.all(
    streams.map((stream) =>
      collect(stream, { limit: 1 << 30, what: 'all' }).catch((error: unknown) => error),
    ),
  )
}

async function expectRefused(data: Uint8Array, options: XzOptions, code = 'bad-archive'): Promise<void> {
  for (const result of await bothWays(data, options)) {
    expect(result).toBeInstanceOf(TemperError)
    expect(result).toMatchObject({ code, message: expect.stringContaining('test.xz') })
  }
}

describe.each(decoders)('%s', (_, options) => {
  it('decodes one stream and several, with padding between them', async () => {
    expect(large.length).toBeGreaterThan(smallInput)
    expect(small.length).toBeLessThan(smallInput)
    for (const [data, expected] of [
      [large, text],
      [small, Buffer.from('hello world')],
      [Buffer.concat([large, small]), Buffer.concat([text, Buffer.from('hello world')])],
      [Buffer.concat([large, Buffer.alloc(8), large, Buffer.alloc(4)]), Buffer.concat([text, text])],
      [storedXz([]), Buffer.alloc(0)],
    ] as const) {
      for (const result of await bothWays(data, options)) {
        expect(result).toBeInstanceOf(Uint8Array)
        expect(expected.equals(result as Uint8Array)).toBe(true)
      }
    }
  })

  it.each([0, 5, 12, 100, 40_000, large.length - 12, large.length - 1])(
    'refuses the first %i bytes',
    (size) => expectRefused(large.subarray(0, size), options),
  )

  it.each([
    ['a newline', Buffer.from('\n')],
    ['three zeros', Buffer.alloc(3)],
    ['text', Buffer.from('something else')],
    ['half a stream', large.subarray(0, 50_000)],
  ])('refuses %s after the end', async (_, extra) => {
    await expectRefused(Buffer.concat([large, extra]), options)
    await expectRefused(Buffer.concat([small, extra]), options)
  })

  it.each([
    ['magic', 2],
    ['stream flags', 7],
    ['block header', 15],
    ['content', 50_000],
    ['check', 150_024 + 12],
    ['index', large.length - 20],
    ['footer', large.length - 6],
  ])('refuses damage in the %s', async (_, at) => {
    const damaged = Buffer.from(large)
    damaged[at] = (damaged[at] as number) ^ 0x10
    await expectRefused(damaged, options)
  })

  it('bounds what comes out, small input or large', async () => {
    const bomb = Array.from({ length: 40 }, () => zeros)
    expect(Buffer.concat(bomb).length).toBeLessThan(smallInput)
    await expectRefused(Buffer.concat(bomb), options, 'limit-exceeded')
    await expectRefused(Buffer.concat([...bomb, ...bomb, ...bomb]), options, 'limit-exceeded')
    await expectRefused(storedXz([Buffer.alloc(options.limit + 1)]), options, 'limit-exceeded')
  })

  it('passes on what the source says, and closes it when left early', async () => {
    async function* failing() {
      yield large.subarray(0, 100_000)
      throw new TemperError('digest-mismatch', 'the source')
    }
    const failed = collect(decompressXz(failing(), options), options)
    await expect(failed).rejects.toMatchObject({ code: 'digest-mismatch' })
    let closed = false
    async function* endless() {
      try {
        for (;;) yield large
      } finally {
        closed = true
      }
    }
    for await (const _ of decompressXz(endless(), { ...options, limit: 1 << 30 })) break
    expect(closed).toBe(true)
  })

  it('works many at a time', async () => {
    const results = await Promise.all(Array.from({ length: 3 }, () => bothWays(large, options)))
    for (const result of results.flat()) expect(text.equals(result as Uint8Array)).toBe(true)
  })

  it('survives any damage with an error of its own', async () => {
    const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const copy = Buffer.from(small)
        for (const [at, byte] of changes) copy[at] = byte
        const stream = decompressXz(chunked(copy, 1000), options)
        const result = await collect(stream, options).catch((error: unknown) => error)
        expect(result instanceof Uint8Array || result instanceof TemperError).toBe(true)
      }),
      { numRuns: 25 },
    )
  })
})

describe('what the built-in decoder lacks', () => {
  it.each(Object.entries(odd))('%s', async (name, base64) => {
    const data = Buffer.from(base64, 'base64')
    const hint = expect.stringContaining('Install xz')
    for (const result of await bothWays(data, { what: 'test.xz', limit: 1000 })) {
      expect(result).toMatchObject({ code: 'tool-missing', hint })
    }
    if (xzProgram === undefined) return
    for (const result of await bothWays(data, { what: 'test.xz', limit: 1000, xzProgram })) {
      expect([name, String(result)]).toEqual([name, String(Buffer.from('hello hello hello hello\n'))])
    }
  })
})

/** A program that stands in for xz: says its version, then does what the script says. */
function fakeXz(version: string, script: string): string {
  const path = join(folder, `xz-${files++}`)
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && { echo '${version}'; exit; }\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

describe('the program', () => {
  const options = { what: 'test.xz', limit: 1 << 30 }

  it('is killed when the consumer stops early', async () => {
    const mark = join(folder, 'pid')
    const program = fakeXz('xz (XZ Utils) 5.4.1', `echo $$ > ${mark}; exec cat /dev/zero`)
    let seen = 0
    for await (const chunk of decompressXz(chunked(large, 9000), { ...options, xzProgram: program })) {
      seen += chunk.length
      if (seen > 1 << 20) break
    }
    const pid = Number(readFileSync(mark, 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }))
  })

  it('is held back by a consumer that is slow', async () => {
    const program = fakeXz('xz (XZ Utils) 5.4.1', 'exec cat')
    let given = 0
    async function* source() {
      for (; given < 400; given++) yield Buffer.alloc(65536)
    }
    const stream = decompressXz(source(), { ...options, xzProgram: program })
    await stream.next()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(given).toBeLessThan(100)
    await stream.return(undefined)
  })

  it('gets several threads and a limit for them only when it knows of them, and none of our environment', async () => {
    const seen = async (version: string) => {
      const program = fakeXz(version, 'cat > /dev/null; echo "$*"; env')
      const bytes = await collect(
        decompressXz(chunked(large, 9000), { ...options, xzProgram: program }),
        options,
      )
      return Buffer.from(bytes).toString()
    }
    const now = await seen('xz (XZ Utils) 5.6.3')
    expect(now).toContain('--threads=0')
    expect(now).toContain('--memlimit-mt-decompress=128MiB')
    expect(now).not.toContain('HOME=')
    expect(await seen('xz (XZ Utils) 5.2.5')).not.toMatch(/threads|memlimit-mt/)
  })

  it.each([
    ['ends with an error', 'echo "xz: (stdin): Some reason" >&2; exit 1', 'bad-archive', 'Some reason'],
    ['ends silently', 'exit 3', 'bad-archive', 'code 3'],
    ['is killed', 'kill -9 $$', 'tool-failed', 'SIGKILL'],
    ['does not read its input', 'exec < /dev/null; sleep 0.1; exit 0', 'bad-archive', 'before its end'],
  ])('%s', async (_, script, code, reason) => {
    const program = fakeXz('xz (XZ Utils) 5.4.1', script)
    const data = Buffer.concat(Array.from({ length: 10 }, () => large))
    const result = collect(decompressXz(chunked(data, 9000), { ...options, xzProgram: program }), options)
    await expect(result).rejects.toMatchObject({ code, message: expect.stringContaining(reason) })
  })

  it.each([
    ['is missing', join(folder, 'missing')],
    ['is BusyBox', fakeXz('BusyBox v1.36', 'exit 9')],
    ['is too old', fakeXz('xz (XZ Utils) 4.999.9beta', 'exit 9')],
  ])('%s: the built-in decoder does it', async (_, program) => {
    for (const result of await bothWays(large, { ...options, xzProgram: program })) {
      expect(text.equals(result as Uint8Array)).toBe(true)
    }
  })

  it('gets the file itself when it is one whole stream, and the size is refused before it starts', async () => {
    const program = fakeXz('xz (XZ Utils) 5.4.1', 'echo "$*"; cat')
    const path = join(folder, 'direct')
    writeFileSync(path, Buffer.concat([Buffer.from('lead-in'), large, Buffer.from('\nmore')]))
    const region = { path, offset: 7, size: large.length }
    const read = (limit: number) =>
      collect(decompressXzFile(region, { ...options, limit, xzProgram: program }), options)
    const output = Buffer.from(await read(1 << 20))
    expect(output.toString('latin1', 0, output.indexOf('\n'))).toContain('--single-stream')
    expect(
      output.subarray(output.indexOf('\n') + 1).equals(Buffer.concat([large, Buffer.from('\nmore')])),
    ).toBe(true)
    await expect(read(text.length - 1)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})
