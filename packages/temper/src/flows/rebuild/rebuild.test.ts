import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestSet, makeStatement, statementBytes } from '../../attest/statement/in-toto.ts'
import { buildType } from '../../attest/statement/provenance.ts'
import { inputTypes } from '../../attest/statement/read-provenance.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { evidenceTypes, predicateTypes } from '../../model/attestation.ts'
import type { Store } from '../../model/store.ts'
import { pushAll, type SampleImage, sampleImage } from '../../oci/fixtures/sample.ts'
import { type ArtifactFile, attachedDocument, attachedFiles } from '../../oci/image/artifact.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { nameFromFile } from '../../recipe/recipe-name.ts'
import type { OtherBuild } from '../context.ts'
import { attach } from '../evidence/attach.ts'
import { listEvidence } from '../evidence/list.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { statementPath } from '../vex/file.ts'
import { rebuild } from './rebuild.ts'

/* What an image says of how it was built comes from whoever may attach to it. */

let folder = ''
let store: Store
const image = sampleImage('web')
const reference = parseReference('oci:image:v1')
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-rebuild-'))
  await mkdir(join(folder, 'tmp'))
  store = openLayout(join(folder, 'image'))
  await pushAll(store, image)
  await store.tag(image.descriptor, 'v1')
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})
const context = (more = {}) => sampleContext(folder, { temporaryDir: join(folder, 'tmp'), ...more })

interface Input {
  readonly name: string
  readonly mediaType: string
  readonly text: string
}
const recipe: Input = { name: 'recipe.yaml', mediaType: inputTypes.recipe, text: 'name: web\n' }
const lock: Input = { name: 'recipe.lock.json', mediaType: inputTypes.lock, text: '{}' }
const file = (name: string, text = 'hello'): Input => ({ name, mediaType: inputTypes.file, text })

function predicateOf(inputs: readonly Input[], parameters: JsonObject = {}, version = '0.0.1'): JsonObject {
  return {
    buildDefinition: {
      buildType,
      externalParameters: {
        recipe: { name: 'web' },
        platforms: ['linux/amd64'],
        vars: { a: 'b' },
        ...parameters,
      },
      internalParameters: { revision: 999_999 },
      resolvedDependencies: inputs.map(({ name, mediaType, text }) => ({
        name,
        mediaType,
        digest: digestSet(sha256(text)),
        annotations: { size: Buffer.from(text).length },
      })),
    },
    runDetails: { builder: { id: 'x', version: { temper: version } } },
  }
}

/** Attaches provenance that names these inputs, and those of them that are to be there. */
async function built(
  inputs: readonly Input[],
  { there = inputs, ...more }: { there?: readonly Input[]; parameters?: JsonObject } = {},
) {
  const statement = makeStatement([{ digest: digestSet(image.descriptor.digest) }], {
    predicateType: predicateTypes.slsaprovenance1,
    predicate: predicateOf(inputs, more.parameters),
  })
  const artifactType = evidenceTypes.statement
  await attach(store, attachedDocument(image.descriptor, statementBytes(statement), { artifactType }))
  const files = there.map(
    ({ name, mediaType, text }): ArtifactFile => ({ title: name, mediaType, bytes: Buffer.from(text) }),
  )
  await attach(store, attachedFiles(image.descriptor, files, { artifactType: inputTypes.artifact }))
}

/** Another version of Temper, that builds an image which is at hand; what it was asked for and what lay there. */
function elsewhere(made: SampleImage) {
  const seen: {
    request?: OtherBuild
    version?: string
    /** What lies in the recipe's folder. */
    files?: Record<string, string>
    lock?: string
    statements?: string | undefined
  } = {}
  const build = async (version: string, request: OtherBuild) => {
    const home = join(request.recipe, '..')
    const names = (await readdir(home, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    )
    const paths = names.map(({ parentPath, name }) => join(parentPath, name))
    const read = paths.map(async (path) => [path.slice(home.length + 1), await readFile(path, 'utf8')])
    const statements = await readFile(
      statementPath({ lockFile: request.recipe.replace(/\.\w+$/, '.lock.json') }),
      'utf8',
    ).catch(() => undefined)
    const lock = await readFile(request.lock, 'utf8')
    Object.assign(seen, {
      version,
      request,
      files: Object.fromEntries(await Promise.all(read)),
      lock,
      statements,
    })
    const layout = openLayout(request.output)
    await pushAll(layout, made)
    await layout.tag(made.descriptor, 'v1')
    await layout.close()
    return { digest: made.descriptor.digest as Digest, platforms: ['linux/amd64'] }
  }
  return { seen, world: context({ otherVersions: { build } }) }
}

describe('what an image was built from', () => {
  it('lies beside the recipe as it did, for the version of Temper that gives the bytes', async () => {
    await built([recipe, lock, file('etc/motd', 'hi')], { parameters: { sourceDateEpoch: 7 } })
    const { seen, world } = elsewhere(image)
    const result = await rebuild({ reference, keys: [] }, world)
    expect(result).toMatchObject({
      equal: true,
      verified: false,
      differences: [],
      rebuilt: image.descriptor.digest,
    })
    expect(seen.version).toBe('0.0.1')
    expect(seen.files).toEqual({ 'recipe.yaml': 'name: web\n', 'etc/motd': 'hi' })
    expect(seen.lock).toBe('{}')
    expect(seen.request).toMatchObject({ vars: { a: 'b' }, platforms: ['linux/amd64'], sourceDateEpoch: 7 })
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it('lies there under its own name, whatever the recipe and its lock would be called', async () => {
    await built([recipe, lock, file('./recipe.yaml', 'an input'), file('recipe.lock.json', 'another')])
    const { seen, world } = elsewhere(image)
    await rebuild({ reference, keys: [] }, world)
    const own = basename(seen.request?.recipe ?? '')
    expect(seen.files).toEqual({
      [own]: 'name: web\n',
      'recipe.yaml': 'an input',
      'recipe.lock.json': 'another',
    })
    expect(seen.lock).toBe('{}')
    expect(nameFromFile(seen.request?.recipe ?? '')).toBe('web')
  })

  it('leaves the recipe a name by which the image is called as before', async () => {
    const taken = ['recipe.yaml', 'recipe.yml', 'web.yaml', 'web.yml']
    for (const count of [1, 2, 3, 4]) {
      await built([recipe, lock, ...taken.slice(0, count).map((name) => file(name, `input ${count}`))])
      const { seen, world } = elsewhere(image)
      await rebuild({ reference, keys: [] }, world)
      expect(nameFromFile(seen.request?.recipe ?? '')).toBe('web')
      expect(seen.files?.[basename(seen.request?.recipe ?? '')]).toBe('name: web\n')
      await rm(join(folder, 'image'), { recursive: true })
      store = openLayout(join(folder, 'image'))
      await pushAll(store, image)
      await store.tag(image.descriptor, 'v1')
    }
    await built([recipe, lock, ...[...taken, 'web.json'].map((name) => file(name))])
    const { seen, world } = elsewhere(image)
    await expect(rebuild({ reference, keys: [] }, world)).rejects.toMatchObject({ code: 'bad-attestation' })
    expect(seen).toEqual({})
  })

  it.each(['out', 'cache', 'lock', 'inputs'])(
    'is apart from what is made of it in an image called %s',
    async (name) => {
      await built([recipe, lock, file('x')], { parameters: { recipe: { name } } })
      const { seen, world } = elsewhere(image)
      expect(await rebuild({ reference, keys: [] }, world)).toMatchObject({ equal: true })
      expect(seen.files).toEqual({ 'recipe.yaml': 'name: web\n', x: 'hello' })
    },
  )

  it('has statements about the image where they are looked for, whatever the recipe is called', async () => {
    const text = '{"statements":[]}'
    const statements = { name: 'recipe.openvex.json', mediaType: inputTypes.statements, text }
    await built([recipe, lock, statements, file('recipe.yaml'), file('recipe.yml')])
    const { seen, world } = elsewhere(image)
    await rebuild({ reference, keys: [] }, world)
    expect(basename(seen.request?.recipe ?? '')).toBe('web.yaml')
    expect(seen.statements).toBe(text)
    expect(seen.files).toEqual({
      'web.yaml': 'name: web\n',
      'web.openvex.json': text,
      'recipe.yaml': 'hello',
      'recipe.yml': 'hello',
    })
  })

  it.each<[string, string | undefined, string, string]>([
    ['of a file that is called as statements are', undefined, 'other', 'web.yaml'],
    ['of a file that is called as the statements are', 'ours', 'other', 'web.yaml'],
    ['of statements that are a file of the recipe too', 'ours', 'ours', 'recipe.yaml'],
  ])('has the statements that it had, %s', async (_, ours, theirs, name) => {
    const statements =
      ours === undefined
        ? []
        : [{ name: 'image-recipe.openvex.json', mediaType: inputTypes.statements, text: ours }]
    await built([recipe, lock, ...statements, file('recipe.openvex.json', theirs)])
    const { seen, world } = elsewhere(image)
    await rebuild({ reference, keys: [] }, world)
    expect(basename(seen.request?.recipe ?? '')).toBe(name)
    expect(seen.statements).toBe(ours)
    expect(seen.files?.['recipe.openvex.json']).toBe(theirs)
  })

  it('cannot be told from statements under any name that the recipe may have', async () => {
    await built([recipe, lock, file('recipe.openvex.json'), file('web.openvex.json')])
    const { seen, world } = elsewhere(image)
    await expect(rebuild({ reference, keys: [] }, world)).rejects.toMatchObject({ code: 'bad-attestation' })
    expect(seen).toEqual({})
  })

  it.each([
    '../escaped',
    'a/../../escaped',
    '/escaped',
    '~/escaped',
    'a\\..\\escaped',
    '',
    'a\0b',
    'file:///escaped',
    'http://a/../../../../escaped',
    'https://a/../../../../escaped',
    'https://user:secret@a/escaped',
    'https://a/b',
  ])('may not be called %j', async (name) => {
    await built([recipe, lock, file(name)])
    const { seen, world } = elsewhere(image)
    await expect(rebuild({ reference, keys: [] }, world)).rejects.toMatchObject({ code: 'bad-attestation' })
    expect(seen).toEqual({})
    expect(existsSync(join(folder, 'tmp/escaped'))).toBe(false)
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it('has to be attached', async () => {
    await built([recipe, lock, file('motd')], { there: [recipe, lock] })
    await expect(rebuild({ reference, keys: [] }, context())).rejects.toMatchObject({
      code: 'not-found',
      message: 'oci:image:v1: motd, which the image was built from, is not attached',
    })
  })

  it.each<[string, readonly Input[]]>([
    ['no lock', [recipe]],
    ['the lock first', [lock, recipe]],
    ['a recipe among the files', [recipe, lock, { ...file('x'), mediaType: inputTypes.recipe }]],
  ])('is refused with %s', async (_, inputs) => {
    await built(inputs)
    await expect(rebuild({ reference, keys: [] }, context())).rejects.toMatchObject({
      code: 'bad-attestation',
    })
  })

  it.each<[string, JsonObject]>([
    ['a name that leads elsewhere', { recipe: { name: '../web' } }],
    ['no name', { recipe: {} }],
    ['a time in words', { sourceDateEpoch: 'now' }],
    ['a time before all times', { sourceDateEpoch: -1 }],
    ['platforms that are no list', { platforms: 'linux/amd64' }],
    ['vars that are no texts', { vars: { a: 1 } }],
  ])('is not read from provenance with %s', async (_, parameters) => {
    await built([recipe, lock], { parameters })
    await expect(rebuild({ reference, keys: [] }, context())).rejects.toMatchObject({
      code: 'bad-attestation',
    })
  })
})

describe('what came of it', () => {
  it('is told down to the layer where it is another image', async () => {
    await built([recipe, lock])
    const other = sampleImage('other')
    const { world } = elsewhere(other)
    const result = await rebuild({ reference, keys: [] }, world)
    expect(result).toMatchObject({ equal: false, rebuilt: other.descriptor.digest })
    expect(result.differences).toContainEqual(
      expect.objectContaining({ in: 'layer', layer: 0, path: 'web-1', what: 'missing in the rebuilt image' }),
    )
  })

  it('is signed and attached as the word of who built it again', async () => {
    await built([recipe, lock])
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(join(folder, 'ours.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    await writeFile(join(folder, 'ours.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
    const attest = { key: { kind: 'file', path: 'ours.key' }, password: async () => '' } as const
    const { summary } = await rebuild({ reference, keys: [], attest }, elsewhere(image).world)
    const { evidence } = await listEvidence({ reference, keys: ['ours.pub'] }, context())
    expect(evidence.find(({ digest }) => digest === summary?.digest)).toMatchObject({
      type: predicateTypes.vsa,
      verified: true,
      signers: [summary?.signer],
    })
    const gone = { key: { kind: 'file', path: 'none.key' }, password: async () => '' } as const
    await expect(rebuild({ reference, keys: [], attest: gone }, context())).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('needs the version that gives the bytes', async () => {
    await built([recipe, lock])
    await expect(rebuild({ reference, keys: [] }, context())).rejects.toMatchObject({
      code: 'version-unavailable',
      details: { version: '0.0.1' },
    })
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it('needs provenance', async () => {
    await expect(rebuild({ reference, keys: [] }, context())).rejects.toMatchObject({ code: 'not-found' })
  })
})
