import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { externalSigner } from './external.ts'

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'temper-answers-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
const message = Buffer.from('message')
const signature = sign('sha256', message, privateKey).toString('base64')
const named = JSON.stringify({ publicKey: pem })

interface Words {
  /** Shell text that answers "public-key"; by default the key. */
  readonly key?: string
  /** Shell text that answers "sign"; by default the signature of `message`. */
  readonly sign?: string
}

/** A command in shell, which starts in no time; it keeps what it was asked. */
function command(name: string, words: Words = {}): string {
  const path = join(folder, name)
  writeFileSync(`${path}.key`, named)
  writeFileSync(`${path}.signature`, JSON.stringify({ signature }))
  const { key = `cat "$0.key"`, sign: signs = `cat "$0.signature"` } = words
  writeFileSync(
    path,
    `#!/bin/sh\nread -r request\nprintf '%s %s\\n' "$*" "$request" >> "$0.asked"\ncase $request in\n*public-key*) ${key};;\n*) ${signs};;\nesac\n`,
  )
  chmodSync(path, 0o755)
  return path
}

const asked = (path: string) => readFileSync(`${path}.asked`, 'utf8').trimEnd().split('\n')
const open = (line: string, more: { readonly signal?: AbortSignal; readonly timeout?: number } = {}) =>
  externalSigner(line, { signal: new AbortController().signal, workingDir: folder, ...more })

describe('a signing command', () => {
  it('is asked for the key once, and for each signature with the bytes and their digest', async () => {
    const path = command('asked')
    const signer = await open(`  ${path}  key-1   two `)
    expect(signer.key.pem).toBe(pem)
    for (let round = 0; round < 2; round++)
      expect(Buffer.from(await signer.sign(message)).toString('base64')).toBe(signature)
    const request = {
      version: 1,
      operation: 'sign',
      payload: message.toString('base64'),
      sha256: createHash('sha256').update(message).digest('hex'),
    }
    expect(asked(path)).toEqual([
      'key-1 two {"version":1,"operation":"public-key"}',
      `key-1 two ${JSON.stringify(request)}`,
      `key-1 two ${JSON.stringify(request)}`,
    ])
  })

  it('runs in the folder that it is given', async () => {
    const path = command('folder', { key: `pwd > "$0.folder"; cat "$0.key"` })
    await open(path)
    expect(readFileSync(`${path}.folder`, 'utf8')).toBe(`${folder}\n`)
  })

  it('need not read its input', async () => {
    const path = join(folder, 'deaf')
    writeFileSync(`${path}.key`, named)
    writeFileSync(path, '#!/bin/sh\nexec <&-\ncat "$0.key"\n')
    chmodSync(path, 0o755)
    expect((await open(path)).key.pem).toBe(pem)
  })

  it.each(['', '   '])('has to be there: %j', async (line) => {
    await expect(open(line)).rejects.toMatchObject({
      code: 'bad-usage',
      message: 'Expected a program that signs, found nothing',
      hint: expect.stringContaining('sign-with-kms'),
    })
  })

  it('that is not there, or cannot be executed, is missing', async () => {
    await expect(open('/no/such/program')).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('/no/such/program'),
      hint: expect.stringContaining('looked for in PATH'),
      cause: expect.objectContaining({ code: 'ENOENT' }),
    })
    writeFileSync(join(folder, 'plain'), '')
    await expect(open(join(folder, 'plain'))).rejects.toMatchObject({ code: 'tool-missing' })
  })

  it('need not read a large input to its end', async () => {
    const large = Buffer.alloc(1_000_000)
    const path = join(folder, 'early')
    const text = JSON.stringify({ signature: sign('sha256', large, privateKey).toString('base64') })
    writeFileSync(`${path}.key`, named)
    writeFileSync(`${path}.signature`, text)
    writeFileSync(
      path,
      '#!/bin/sh\nexec <&-\nif test -e "$0.seen"; then cat "$0.signature"; else : > "$0.seen"; cat "$0.key"; fi\n',
    )
    chmodSync(path, 0o755)
    const signer = await open(path)
    expect(signer.key.verify(large, await signer.sign(large))).toBe(true)
  })
})

describe('an answer', () => {
  const second = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const answer = (value: unknown) =>
    `printf '%s' '${typeof value === 'string' ? value : JSON.stringify(value)}'`

  it.each([
    ['nothing', { key: ':' }, /publicKey|expected JSON/],
    ['no JSON', { key: answer('no') }, /The answer of .*: expected JSON/],
    ['no key', { key: answer({}) }, /publicKey: expected text/],
    ['an empty key', { key: answer({ publicKey: '' }) }, /publicKey: expected text/],
    ['a key that is none', { key: answer({ publicKey: 'x' }) }, /publicKey: /],
    [
      'several keys',
      { key: answer({ publicKey: pem + second }) },
      /^Cannot sign with \S+: it named several public keys$/,
    ],
    [
      'a long key',
      { key: answer({ publicKey: pem + ' '.repeat(10_000) }) },
      /publicKey: expected text of 1 to 10000/,
    ],
    [
      'a failure with words',
      { key: 'echo "  the token is locked " >&2; exit 3' },
      /: exit code 3: the token is locked$/,
    ],
    ['a failure without words', { key: 'exit 3' }, /: exit code 3$/],
    ['a failure with blanks', { key: 'echo "  " >&2; exit 3' }, /: exit code 3$/],
    ['an end by a signal', { key: 'kill -9 $$' }, /SIGKILL|signal|ended/],
  ])('of %s is told as the fault of the command', async (_, words, message_) => {
    const path = command('bad-key', words)
    await expect(open(path)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringMatching(message_),
      hint: expect.stringContaining('docs/reference/signing-command.md'),
    })
  })

  it('that is short of the limit is read, and a longer one is not waited for', async () => {
    const pad = (size: number) => `cat "$0.key"; head -c ${size - named.length} /dev/zero | tr '\\0' ' '`
    expect((await open(command('full', { key: pad(65_536) }))).key.pem).toBe(pem)
    const blanks = `head -c ${65_536 - named.length} /dev/zero | tr '\\0' ' '; cat "$0.key"`
    expect((await open(command('late-full', { key: blanks }))).key.pem).toBe(pem)
    await expect(open(command('over', { key: pad(65_537) }))).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('it wrote more than 65536 bytes'),
    })
    await expect(open(command('endless', { key: 'while :; do echo x; done' }))).rejects.toThrow(
      'more than 65536 bytes',
    )
  })

  it('to "sign" is used only when it is a signature of those bytes', async () => {
    const other = sign('sha256', Buffer.from('other'), privateKey).toString('base64')
    for (const [words, message_] of [
      [{ sign: answer({ signature: other }) }, /its signature does not match the public key that it named/],
      [{ sign: answer({ signature: '' }) }, /does not match/],
      [{ sign: answer({ signature: '*' }) }, /signature: expected base64/],
      [{ sign: answer({}) }, /signature: expected base64/],
      [{ sign: 'echo no >&2; exit 1' }, /no/],
    ] as const) {
      const signer = await open(command('bad-signature', words))
      await expect(signer.sign(message)).rejects.toMatchObject({
        code: 'tool-failed',
        message: expect.stringMatching(message_),
      })
    }
  })

  it('has the end of what the command complained of, and not all of it', async () => {
    const path = command('loud', { key: `head -c 5000 /dev/zero | tr '\\0' x >&2; echo END >&2; exit 1` })
    const failed = await open(path).catch((error: Error) => error)
    expect((failed as Error).message).toMatch(/x{900,1000}\s*END$/)
    expect((failed as Error).message.length).toBeLessThan(1300)
  })
})

describe('waiting', () => {
  it('ends after the time that an answer may take', async () => {
    const path = command('slow', { key: 'exec sleep 30' })
    await expect(open(path, { timeout: 200 })).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('0.2'),
    })
  })

  it('ends when the person stops it, where the command has ended and a child of it has not', async () => {
    const controller = new AbortController()
    const path = command('child', { key: 'sleep 0.4 & cat "$0.key"' })
    const opening = open(path, { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    await expect(opening).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('ends when the person stops it', async () => {
    const controller = new AbortController()
    const opening = open(command('stopped', { key: 'exec sleep 30' }), { signal: controller.signal })
    controller.abort()
    await expect(opening).rejects.toMatchObject({ code: 'interrupted' })
    await expect(open(command('late'), { signal: controller.signal })).rejects.toMatchObject({
      code: 'interrupted',
    })
  })
})
