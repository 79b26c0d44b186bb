import { createRoute, z } from '@hono/zod-openapi'
import { may, type Principal } from '../../../auth/principal.ts'
import { catalogInfo, entityOf } from '../../../exports/backstage.ts'
import { changeNotes, changesOf } from '../../../exports/changes.ts'
import { advisoryIn, osvFile, osvRecords } from '../../../exports/osv.ts'
import { VexRepository, vexManifest } from '../../../exports/vex-repository.ts'
import { zip } from '../../../exports/zip.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { lookUpImage } from '../../../images/image-row.ts'
import { lifecycles, ownedImages } from '../../../images/owners.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demand, visible } from './guard.ts'

const archivePath = '/api/vex/repository.tar.gz'

const manifest = z
  .object({
    name: z.string(),
    description: z.string(),
    versions: z.array(
      z.object({
        spec_version: z.string(),
        locations: z.array(z.object({ url: z.url() })),
        update_interval: z.string(),
      }),
    ),
  })
  .openapi('VexRepositoryManifest')

const wellKnown = createRoute({
  method: 'get',
  path: '/.well-known/vex-repository.json',
  summary: 'The VEX repository of the images',
  responses: {
    200: { description: 'where it is', content: { 'application/json': { schema: manifest } } },
    ...problemResponses,
  },
})

const bytes = z.string().openapi({ format: 'binary' })
const vexArchive = createRoute({
  method: 'get',
  path: archivePath,
  summary: 'What is stated about images that you may pull',
  responses: {
    200: {
      description: 'index.json and one document for each image',
      content: { 'application/gzip': { schema: bytes } },
    },
    304: { description: 'as you know it, by If-None-Match' },
    ...problemResponses,
  },
})

const osvRecord = z.looseObject({ id: z.string(), modified: z.iso.datetime() }).openapi('OsvRecord')
const osvArchive = createRoute({
  method: 'get',
  path: '/api/osv/all.zip',
  summary: 'What is known against images that you may pull, as OSV',
  responses: {
    200: { description: 'one record for each advisory', content: { 'application/zip': { schema: bytes } } },
    ...problemResponses,
  },
})
const osvOne = createRoute({
  method: 'get',
  path: '/api/osv/{id}',
  summary: 'One OSV record',
  request: { params: z.object({ id: z.string().min(1).max(200) }) },
  responses: {
    200: { description: 'the record', content: { 'application/json': { schema: osvRecord } } },
    ...problemResponses,
  },
})

const backstage = createRoute({
  method: 'get',
  path: '/api/catalog-info.yaml',
  summary: 'Images that you may pull, for Backstage',
  responses: {
    200: {
      description: 'one component for each image',
      content: { 'application/yaml': { schema: z.string() } },
    },
    ...problemResponses,
  },
})

const owned = z
  .object({
    name: z.string(),
    owner: z.string(),
    lifecycle: z.enum(lifecycles),
    endOfLife: z.string().nullable(),
    tags: z.array(z.string()),
    digest: z.string().nullable(),
    extends: z.string().nullable(),
  })
  .openapi('OwnedImage')
const owners = createRoute({
  method: 'get',
  path: '/api/owners',
  summary: 'Owners and lifecycle of images',
  responses: {
    200: { description: 'by name', content: { 'application/json': { schema: z.array(owned) } } },
    ...problemResponses,
  },
})

const named = z.array(z.object({ advisory: z.string(), package: z.string(), severity: z.string() }))
const changed = z
  .object({
    name: z.string(),
    digest: z.string(),
    before: z.string().nullable().openapi({ description: 'the digest that had its tags before' }),
    reason: z.string(),
    packages: z.array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
    fixed: named,
    found: named,
    breaks: z.array(z.string()),
    text: z.string().openapi({ description: 'the same as Markdown' }),
  })
  .openapi('ImageChanges')
const changes = createRoute({
  method: 'get',
  path: '/api/images/{name}/{digest}/changes',
  summary: 'What a digest changes',
  request: { params: z.object({ name: z.string().max(255), digest: z.string().max(200) }) },
  responses: {
    200: {
      description: 'compared with the previous digest',
      content: { 'application/json': { schema: changed } },
    },
    ...problemResponses,
  },
})

/** What other programs read about images: scanners, service catalogues, bots. */
export function addExportRoutes(app: Api, factory: FactoryWorld, { origin }: ApiWorld): void {
  addVexRoutes(app, factory, origin)
  addOsvRoutes(app, factory)
  app.openapi(owners, async (c) => {
    const all = (await ownedImages(factory)).map((each) => ({ ...each, tags: [...each.tags] }))
    return c.json(visible(c.var.principal, all), 200)
  })
  app.openapi(backstage, async (c) => {
    const place = { registry: factory.registry.knownAs(), service: origin(c.req) }
    const all = visible(c.var.principal, await ownedImages(factory))
    const text = catalogInfo(all.map((each) => entityOf(each, place)))
    return c.body(text, 200, { 'Content-Type': 'application/yaml; charset=utf-8' })
  })
  app.openapi(changes, async (c) => {
    const { name, digest } = c.req.valid('param')
    demand(c.var.principal, 'pull', name)
    const row = await lookUpImage(factory.db, name, digest)
    if (row === undefined) throw new ProblemError(404, 'There is no such image', `${name}@${digest}`)
    const notes = await changesOf(factory.db, row)
    const plain = structuredClone(notes) as z.output<typeof changed>
    return c.json({ ...plain, text: changeNotes(notes) }, 200)
  })
}

function addVexRoutes(app: Api, factory: FactoryWorld, origin: ApiWorld['origin']): void {
  const repository = new VexRepository(factory)
  app.openapi(wellKnown, (c) => {
    const { name, description, versions } = vexManifest(
      factory.registry.knownAs(),
      `${origin(c.req)}${archivePath}`,
    )
    const copied = versions.map(({ locations, ...each }) => ({ ...each, locations: [...locations] }))
    return c.json({ name, description, versions: copied }, 200)
  })
  app.openapi(vexArchive, async (c) => {
    const { bytes: body, etag } = await repository.archive(reads(c.var.principal))
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304, { ETag: etag })
    return c.body(Buffer.from(body), 200, { 'Content-Type': 'application/gzip', ETag: etag })
  })
}

function addOsvRoutes(app: Api, { db }: FactoryWorld): void {
  app.openapi(osvArchive, async (c) => {
    const records = await osvRecords(db, reads(c.var.principal))
    const files = records.map((each) => ({
      path: osvFile(each.id),
      content: Buffer.from(JSON.stringify(each)),
    }))
    return c.body(Buffer.from(zip(files)), 200, { 'Content-Type': 'application/zip' })
  })
  app.openapi(osvOne, async (c) => {
    const { id } = c.req.valid('param')
    const all = await osvRecords(db, reads(c.var.principal), advisoryIn(id))
    const [record] = all
    if (record === undefined) throw new ProblemError(404, 'No image has this advisory', id)
    const plain: z.output<typeof osvRecord> = JSON.parse(JSON.stringify(record))
    return c.json(plain as { readonly id: string; readonly modified: string }, 200)
  })
}

function reads(principal: Principal): (image: string) => boolean {
  return (image) => may(principal, 'pull', image)
}
