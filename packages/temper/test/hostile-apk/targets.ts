import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sampleHardening, sampleRecipe } from '../../src/assemble/fixtures/sample.ts'
import { makeSegment } from '../../src/assemble/packages/segment.ts'
import { planImage } from '../../src/assemble/plan.ts'
import { segmentEntry } from '../../src/assemble/root/decide.ts'
import { solve } from '../../src/assemble/solve/solve.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { SigningKey } from '../../src/distro/apk/fixtures/repository.ts'
import { ApkPackageIndex } from '../../src/distro/apk/index/package-index.ts'
import { openDistro } from '../../src/distro/open.ts'
import { readApkIndex } from '../../src/formats/apk/index.ts'
import { parseApkKey } from '../../src/formats/apk/signature.ts'
import { createCompressor, defaultCompressor } from '../../src/formats/compress/compress.ts'
import { sampleImage } from '../../src/formats/layer/fixtures/sample-image.ts'
import { apkCataloguer } from '../../src/inventory/apk/cataloguer.ts'
import { parseInstalled } from '../../src/inventory/apk/installed.ts'
import { file } from '../../src/inventory/fixtures/sample-tree.ts'
import { readImageInventory } from '../../src/inventory/reading/image.ts'
import type { LockedPackage } from '../../src/model/lock.ts'

/** What messages have to name. */
export const called = 'hostile.apk'

const alpine = await openDistro('alpine-3.23', {})
const spec = defaultCompressor('gzip')
const compressor = await createCompressor(spec)

/**
 * Everything that is made of an index: its records, its relations, and what each of its packages would bring along.
 * Throws an Error, which is no TemperError, when what comes out breaks a promise.
 */
export async function followIndex(bytes: Uint8Array, key: SigningKey): Promise<string> {
  const trusted = parseApkKey({ name: key.name, bytes: Buffer.from(key.publicKey) })
  const { records, time } = await readApkIndex(bytes, { keys: [trusted], what: called })
  const origin = { repository: called, suite: 'v3.23', component: 'main', folder: called }
  const index = new ApkPackageIndex([{ origin, records }])
  const chosen: string[] = []
  for (const name of index.names()) {
    for (const candidate of index.versions(name)) {
      if (!/^hostile\.apk\/[A-Za-z0-9_][\w.+~-]*\.apk$/.test(candidate.origin.location))
        throw new Error(`a package lies at ${candidate.origin.location}`)
      const asked = { name, version: candidate.version, excluded: false } as const
      try {
        const { packages } = solve([asked], index, { architecture: 'amd64', rules: alpine.rules })
        chosen.push(packages.map(({ package: { name: own } }) => own).join())
      } catch (error) {
        const { code } = error as { readonly code?: string }
        if (code !== 'unsatisfiable' && code !== 'package-not-found') throw error
        chosen.push(code)
      }
    }
  }
  return JSON.stringify([time, records, chosen])
}

/** Everything from a package's bytes to the tree of an image that has it and nothing else. */
export async function followPackage(bytes: Uint8Array, folder: string): Promise<string> {
  const path = join(folder, called)
  await writeFile(path, bytes)
  try {
    const archive = await alpine.openArchive(path)
    const { identity } = archive.metadata
    const digest = sha256(bytes)
    const { content } = await makeSegment(
      {
        digest,
        what: `${called}: ${identity.name}`,
        archive,
        signal: undefined,
        decide: (entry) => (entry.type === 'directory' ? undefined : segmentEntry(entry, entry.path)),
        captures: (name, shebang) => alpine.captures(name, archive.metadata, shebang),
        database: () => [],
      },
      { compressor, spec, sink: async () => {} },
    )
    alpine.relations(content)
    const locked: LockedPackage = {
      ...identity,
      digest,
      size: bytes.length,
      installedSize: 0,
      wantedBy: 'recipe',
      source: { name: identity.name, version: identity.version },
      origin: { repository: 'alpine', suite: 'v3.23', component: 'main', location: called },
    }
    const plan = planImage({
      recipe: sampleRecipe({}),
      architecture: 'amd64',
      packages: [{ package: locked, content }],
      files: [],
      distro: alpine,
      hardening: sampleHardening,
    })
    const paths = [...plan.root.nodes()].map((node) => node.path)
    const wrong = paths.find((each) => /^\/|(?:^|\/)(?:\.\.?|\.wh\.[^/]*)?(?:\/|$)|\0/.test(each))
    if (wrong !== undefined) throw new Error(`the image has a path ${JSON.stringify(wrong)}`)
    const database = plan.root.get('lib/apk/db/installed')
    const listed = parseInstalled(Buffer.from(database?.content ?? []).toString(), 'installed').packages
    if (listed.length !== 1 || listed[0]?.name !== identity.name)
      throw new Error(`the database lists ${JSON.stringify(listed.map(({ name }) => name))}`)
    return JSON.stringify([identity, content.entries, paths])
  } finally {
    await rm(path, { force: true })
  }
}

/** What is found in an image whose package database this is. */
export async function followDatabase(bytes: Uint8Array): Promise<string> {
  const layer = [file('lib/apk/db/installed', Buffer.from(bytes).toString('latin1'))]
  const { components, notes } = await readImageInventory(sampleImage([layer]), {
    cataloguers: [apkCataloguer],
  })
  const nameless = components.find(({ name, version }) => name === '' || version === '')
  if (nameless !== undefined) throw new Error(`a component is ${JSON.stringify(nameless)}`)
  return JSON.stringify([components, notes])
}
