import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { externalSigner } from './external.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-signer-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
const message = Buffer.from('message')

/** A signing command whose answer to "sign" is the value of a JavaScript expression over `request`. */
function command(name: string, answer: string): string {
  const path = join(folder, `${name}.mjs`)
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  writeFileSync(
    path,
    `import { createHash, sign } from 'node:crypto'
const request = JSON.parse(await new Response(process.stdin).text())
const payload = Buffer.from(request.payload ?? '', 'base64')
const digest = createHash('sha256').update(payload).digest('hex')
const signed = () => sign('sha256', payload, ${JSON.stringify(key)}).toString('base64')
const answer = request.operation === 'public-key' ? { publicKey: ${JSON.stringify(pem)} } : ${answer}
process.stdout.write(typeof answer === 'string' ? answer : JSON.stringify(answer))
`,
  )
  return `${process.execPath} ${path}`
}

const open = (line: string, signal = new AbortController().signal) =>
  externalSigner(line, { signal, workingDir: folder, timeout: 20_000 })

describe('a signing command', () => {
  it('gets the bytes and their digest, and its signature is used', async () => {
    const answer = 'request.version === 1 && request.sha256 === digest ? { signature: signed() } : {}'
    const signer = await open(command('good', answer))
    expect(signer.key.verify(message, await signer.sign(message))).toBe(true)
  })

  it.each([
    ['a wrong signature', '{ signature: "AAAA" }', /does not match the public key/],
    ['no signature', '{}', /expected base64/],
    ['something else than JSON', '"hello"', /expected JSON/],
    ['too much', '"x".repeat(100_000)', /more than 65536 bytes/],
    ['an exit code', 'process.exit(console.error("no such key") ?? 5)', /exit code 5: no such key/],
  ])('that answers with %s fails', async (name, answer, reason) => {
    const signer = await open(command(name.replaceAll(' ', '-'), answer))
    await expect(signer.sign(message)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringMatching(reason),
    })
  })

  it('that is not there is said to be missing', async () => {
    await expect(open(join(folder, 'none'))).rejects.toMatchObject({ code: 'tool-missing' })
    await expect(open(' ')).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('that the machine cannot start is said to have failed', async () => {
    const words = `${process.execPath} ${'x'.repeat(4 << 20)}`
    await expect(open(words)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('E2BIG'),
    })
  })

  it('ends when the person stops', async () => {
    const controller = new AbortController()
    const line = command('slow', 'await new Promise((done) => setTimeout(done, 60_000))')
    const signer = await open(line, controller.signal)
    const signing = signer.sign(message)
    controller.abort()
    await expect(signing).rejects.toMatchObject({ code: 'interrupted' })
  })
})
