import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificates } from './certificates.ts'
import { type LoadRecipeOptions, loadRecipe } from './load.ts'
import { recipeChecksum } from './normalise/checksum.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../formats/crypto/fixtures/ca-${name}.crt`, import.meta.url), 'utf8')
const root = fixture('plain')
const other = fixture('spaces')
const { privateKey } = generateKeyPairSync('ed25519')
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const file = (name: string, content: string | Uint8Array) => ({ name, bytes: Buffer.from(content) })

describe('readCertificates', () => {
  it('takes PEM and DER, and keeps what is there twice once', () => {
    const der = new X509Certificate(root).raw
    const certificates = readCertificates([
      file('bundle.pem', `# two of them\n${root}\n${other.replaceAll('\n', '\r\n')}`),
      file('root.der', der),
    ])
    expect(certificates.map((pem) => new X509Certificate(pem).subject)).toEqual([
      'C=DE\nO=Temper Test\nCN=Root One',
      'O=Temper   TEST  Ltd\nCN=Root  One',
    ])
    expect(certificates[0]).toBe(new X509Certificate(root).toString())
  })

  it.each([
    ['a private key', `${root}${key}`, 'holds a private key'],
    ['another thing', 'hello', 'holds something else'],
    ['nothing', '', 'holds something else'],
    ['a damaged one', root.replace('MII', 'AAA'), 'holds something else'],
    ['half of one', root.slice(0, 200), '"CERTIFICATE" is not closed'],
  ])('refuses a file with %s', (_what, content, message) => {
    const attempt = () => readCertificates([file('corporate.crt', content)])
    expect(attempt).toThrow(message)
    expect(attempt).toThrow('corporate.crt: ')
  })
})

describe('certificates of a recipe', () => {
  let folder = ''
  let places: LoadRecipeOptions
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificates-'))
    places = { workingDir: folder, catalogDir: join(folder, 'none') }
    await writeFile(join(folder, 'root.crt'), root)
    await writeFile(join(folder, 'key.pem'), key)
    await writeFile(join(folder, 'web.yaml'), 'contents: {packages: [nginx]}')
    await writeFile(
      join(folder, 'named.yaml'),
      'name: web\ncontents: {packages: [nginx]}\ncertificates: [root.crt]',
    )
    await writeFile(join(folder, 'wrong.yaml'), 'certificates: [key.pem]')
    await writeFile(join(folder, 'lost.yaml'), 'certificates: [no.crt]')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('lie where the bundle is made from, with what makes it', async () => {
    const { recipe } = await loadRecipe('named.yaml', places)
    expect(recipe.paths).toMatchObject([
      { path: expect.stringMatching(/^\/usr\/local\/share\/ca-certificates\/root-one-[0-9a-f]{8}\.crt$/) },
    ])
    expect(recipe.contents.packages.map(({ name }) => name)).toEqual(['nginx', 'ca-certificates'])
    for (const name of ['NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'])
      expect(recipe.environment[name]).toBe('/etc/ssl/certs/ca-certificates.crt')
  })

  it('mean the same whoever gives them', async () => {
    const given = { ...places, certificates: [file('elsewhere.crt', root)] }
    const [named, told, plain] = await Promise.all([
      loadRecipe('named.yaml', places),
      loadRecipe('web.yaml', given),
      loadRecipe('web.yaml', places),
    ])
    expect(recipeChecksum(told.recipe)).toBe(recipeChecksum(named.recipe))
    expect(told.checksum).not.toBe(plain.checksum)
  })

  it('stand in the text that is kept, so that the image can be built again without them', async () => {
    const { text, recipe } = await loadRecipe('named.yaml', places)
    await writeFile(join(folder, 'again.yaml'), text)
    expect((await loadRecipe('again.yaml', places)).recipe).toEqual(recipe)
  })

  it('are refused when they are something else', async () => {
    await expect(loadRecipe('wrong.yaml', places)).rejects.toThrow('key.pem: expected X.509 certificates')
    await expect(loadRecipe('lost.yaml', places)).rejects.toMatchObject({ code: 'not-found' })
  })
})
