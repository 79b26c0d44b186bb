import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStatement } from '../../attest/statement/in-toto.ts'
import { inputTypes, readBuildRecipe } from '../../attest/statement/read-provenance.ts'
import { collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import { blobOf } from '../../oci/fixtures/sample.ts'
import { type FinishedBuild, provenanceOf } from './provenance.ts'

const images = [sampleImage([]), sampleImage([[]])]
const built = ['linux/amd64', 'linux/arm64'].map((platform, at) => {
  const image = images[at] as (typeof images)[0]
  return { image, result: { platform, digest: image.descriptor.digest } }
})

function finished(names: readonly string[], more: object = {}): FinishedBuild {
  return {
    target: {
      recipe: { name: 'web', distribution: 'debian-13' },
      text: 'name: web\n',
      vars: { port: '80' },
      sources: names.map((name) => ({ name, content: Buffer.from(`file ${name}`) })),
    },
    lock: { recipe: { files: [] }, distribution: 'debian-13', suites: [], platforms: [] },
    built: built.slice(0, 1),
    index: undefined,
    statements: undefined,
    key: sha256('key'),
    ...more,
  } as unknown as FinishedBuild
}

const read = async (blob: Blob | undefined) =>
  await collect((blob as Blob).open(), { limit: 1 << 20, what: 'a test' })
const manifestOf = async (blob: Blob | undefined) => JSON.parse(Buffer.from(await read(blob)).toString())

/** What is attached: of each artifact the subject; of the first ones the layers as inputs, and the statement. */
async function attached(build: FinishedBuild) {
  const artifacts = provenanceOf(build, {} as never)
  const manifests = await Promise.all(artifacts.map(({ manifest }) => manifestOf(manifest)))
  const held = manifests[1].layers.map(
    ({ annotations, mediaType, digest, size }: Descriptor & { annotations: Record<string, string> }) => {
      return { name: annotations['org.opencontainers.image.title'], mediaType, digest, size }
    },
  ) as { name: string; mediaType: string; digest: string; size: number }[]
  return {
    subjects: manifests.map(({ subject }) => subject.digest as string),
    held,
    statement: parseStatement(await read(artifacts[0]?.blobs.at(-1)), 'it'),
  }
}

describe('what an image was built from', () => {
  it('is attached under titles of its own, each document known by its kind, whatever the files are called', async () => {
    const documents = ['recipe.yaml', 'recipe.lock.json', 'recipe.openvex.json']
    const names = fc.shuffledSubarray([
      ...documents.flatMap((each) => [each, `./${each}`, `image-${each}`]),
      'etc/motd',
      'https://example.org/x',
    ])
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (sources, spoken) => {
        const statements = spoken ? Buffer.from('{"statements":[]}') : undefined
        const { held, statement } = await attached(finished(sources, { statements }))
        expect(readBuildRecipe(statement, 'it').inputs).toEqual(held)
        const kinds = [inputTypes.recipe, inputTypes.lock, ...(spoken ? [inputTypes.statements] : [])]
        const own = held.slice(0, kinds.length)
        expect(own.map(({ mediaType }) => mediaType)).toEqual(kinds)
        for (const { name } of own) {
          expect(sources).not.toContain(name)
          expect(sources).not.toContain(`./${name}`)
        }
        expect(own[2]?.digest).toBe(statements && sha256(statements))
        expect(held.slice(kinds.length)).toEqual(
          sources
            .filter((each) => !each.startsWith('https:'))
            .map((each) => {
              const content = `file ${each}`
              return {
                name: each,
                mediaType: inputTypes.file,
                digest: sha256(content),
                size: content.length,
              }
            }),
        )
      }),
    )
  })

  it('is attached to the index and to each image in it, which one statement names', async () => {
    const index = blobOf('{}')
    const { subjects, statement } = await attached(finished([], { index, built }))
    const expected = [index, ...images].map(({ descriptor }) => descriptor.digest)
    expect(subjects).toEqual(expected.flatMap((each) => [each, each]))
    expect(statement.subject.map(({ digest }) => `sha256:${digest?.['sha256']}`)).toEqual(expected)
    expect(readBuildRecipe(statement, 'it').platforms).toEqual(['linux/amd64', 'linux/arm64'])
  })
})
