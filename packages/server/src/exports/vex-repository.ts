import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import { z } from 'zod'
import { ownTrust } from '../factory/signing.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { parseReference, TemperError, trustedStatements } from '../temper.ts'
import { type ArchiveFile, tarGz } from './tar.ts'

/* A VEX repository (github.com/aquasecurity/vex-repo-spec, version 0.1) of what is stated about the images. */

/** The version as its readers spell it: an entry of a list, without "v". */
const specVersion = '0.1'
/** Images whose statements are handed out, the newest first. */
const imageLimit = 5000
/** Images that are asked for what is attached to them at once. */
const atOnce = 8

export interface VexManifest {
  readonly name: string
  readonly description: string
  readonly versions: readonly {
    readonly spec_version: string
    readonly locations: readonly { readonly url: string }[]
    readonly update_interval: string
  }[]
}

/** What `/.well-known/vex-repository.json` says; `archive` is the address of the archive. */
export function vexManifest(name: string, archive: string): VexManifest {
  return {
    name,
    description:
      'Statements by Temper and by the people behind its recipes about the images of this service.',
    versions: [{ spec_version: specVersion, locations: [{ url: archive }], update_interval: '1h' }],
  }
}

const documentSchema = z.looseObject({
  timestamp: z.string(),
  statements: z.array(
    z.looseObject({
      timestamp: z.string().optional(),
      products: z.array(z.looseObject({ '@id': z.string() })).default([]),
    }),
  ),
})
type Document = z.output<typeof documentSchema>
type Statement = Document['statements'][number]

/** An archive, and a mark that changes with its content. */
export interface VexArchive {
  readonly bytes: Uint8Array
  readonly etag: string
}

/**
 * Gathers the statements that the service signed with its images. The statements attached to a digest are read once.
 */
export class VexRepository {
  readonly #world: FactoryWorld
  readonly #known = new LRUCache<string, Document>({ max: imageLimit })

  constructor(world: FactoryWorld) {
    this.#world = world
  }

  /**
   * The statements about all images that somebody may read and that were not withdrawn: one document for each image
   * name.
   */
  async archive(mayRead: (image: string) => boolean): Promise<VexArchive> {
    const limited = pLimit(atOnce)
    const registry = this.#world.registry.knownAs()
    const images = (await this.#images()).filter(({ name }) => mayRead(name))
    const documents = await Promise.all(
      images.map(({ name, id }) => limited(async () => ({ name, document: await this.#stated(name, id) }))),
    )
    const files = [...Map.groupBy(documents, ({ name }) => name)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, each]) =>
        fileOf(
          { name, registry },
          each.map(({ document }) => document),
        ),
      )
    const index = {
      updated_at: new Date(Math.max(0, ...images.map(({ published }) => published.getTime()))).toISOString(),
      packages: files.flatMap(({ ids, file }) =>
        ids.map((id) => ({ id, location: file.path, format: 'openvex' })),
      ),
    }
    const bytes = tarGz([textFile('index.json', index), ...files.map(({ file }) => file)])
    return { bytes, etag: `"${createHash('sha256').update(bytes).digest('hex')}"` }
  }

  /** Digests of images and of the manifests of their platforms. */
  async #images() {
    return await this.#world.db
      .selectFrom('images')
      .innerJoin('image_ids', (j) =>
        j.onRef('image_ids.name', '=', 'images.name').onRef('image_ids.digest', '=', 'images.digest'),
      )
      .select(['images.name', 'images.published', 'image_ids.id'])
      .where('images.withdrawn', 'is', null)
      .orderBy('images.published', 'desc')
      .orderBy('image_ids.id')
      .limit(imageLimit)
      .execute()
  }

  async #stated(name: string, digest: string): Promise<Document> {
    const known = this.#known.get(digest)
    if (known !== undefined) return known
    const { registry, signing, log } = this.#world
    const reference = parseReference(`${registry.prefix()}/${name}@${digest}`)
    const request = { reference, type: 'openvex', ...(await ownTrust(signing)) }
    // Ids of configurations are digests too, and no images.
    const statements = await trustedStatements(request, registry.context()).catch((error: unknown) => {
      if (error instanceof TemperError && error.code !== 'network') return []
      throw error
    })
    const documents = statements.flatMap(({ predicate }) => {
      const read = documentSchema.safeParse(predicate)
      if (read.success) return [read.data]
      log.warn({ name, digest }, 'a statement about vulnerabilities cannot be read')
      return []
    })
    const all = {
      timestamp:
        documents
          .map(({ timestamp }) => timestamp)
          .sort()
          .at(-1) ?? '',
      statements: documents.flatMap((each) => statementsOf(each, digest)),
    }
    this.#known.set(digest, all)
    return all
  }
}

/**
 * What a document says of the image by its digest. That it names packages by themselves too is meant for readers that have the document of this
 * very image: in a repository it would be said of everybody's packages.
 */
function statementsOf({ timestamp, statements }: Document, digest: string): readonly Statement[] {
  // Its colon may be escaped or not, and what escapes nothing that can be read must not throw.
  const hex = digest.slice(digest.indexOf(':') + 1)
  return statements.flatMap((statement) => {
    const products = statement.products.filter(
      ({ '@id': id }) => id.startsWith('pkg:oci/') && id.includes(hex),
    )
    return products.length === 0 ? [] : [{ timestamp, ...statement, products }]
  })
}

interface PackageFile {
  readonly ids: readonly string[]
  readonly file: ArchiveFile
}

function fileOf(
  { name, registry }: { readonly name: string; readonly registry: string },
  documents: readonly { timestamp: string; statements: readonly Statement[] }[],
) {
  const statements = documents.flatMap((each) => each.statements)
  if (statements.length === 0) return []
  const updated =
    documents
      .map(({ timestamp }) => timestamp)
      .sort()
      .at(-1) ?? ''
  const last = name.slice(name.lastIndexOf('/') + 1)
  const content = { author: 'Temper', timestamp: updated, version: 1, statements }
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${hash}`,
    ...content,
  }
  const file: PackageFile = {
    ids: idsOf(last, `${registry}/${name}`),
    file: textFile(`pkg/oci/${last}/vex.json`, document),
  }
  return [file]
}

/**
 * By what its readers look an image up. To Trivy the repository is part of an image's name, so that two registries may have one of the same
 * name; others leave qualifiers out, as the specification says. Libraries escape all of the address, parts of it, or
 * nothing.
 */
function idsOf(name: string, repository: string): readonly string[] {
  const plain = `pkg:oci/${name}`
  const escaped = encodeURIComponent(repository)
  const addresses = new Set([
    repository,
    escaped,
    escaped.replaceAll('%3A', ':'),
    repository.replaceAll(':', '%3A'),
  ])
  return [plain, ...[...addresses].map((address) => `${plain}?repository_url=${address}`)]
}

function textFile(path: string, value: object): ArchiveFile {
  return { path, content: Buffer.from(`${JSON.stringify(value)}\n`) }
}
