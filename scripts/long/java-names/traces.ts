import { readFile, stat, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { openZip } from '../../../packages/temper/src/formats/zip/open.ts'
import { memorySource } from '../../../packages/temper/src/formats/zip/source.ts'
import { tracesOf } from '../../../packages/temper/src/inventory/language/java/archive.ts'
import { readArchiveName } from '../../../packages/temper/src/inventory/language/java/coordinates.ts'
import { coordinatesOf, fileOf, type Published } from './sample.ts'

const file = new URL(
  '../../../packages/temper/src/inventory/language/java/fixtures/real-archives.jsonl.gz',
  import.meta.url,
)

/** Attributes of manifests that names are made of. */
const attributes = [
  ...['automatic-module-name', 'bundle-name', 'bundle-symbolicname', 'bundle-version'],
  ...['implementation-title', 'implementation-vendor-id', 'implementation-version', 'plugin-version'],
  ...['short-name', 'specification-title', 'specification-version'],
]

/**
 * Writes what archives are named by when nothing of Maven's is in them, a line each: facts of the archives, for a test that has none
 * of them.
 */
export async function keepTraces(samples: readonly Published[], folder: string): Promise<void> {
  const lines: string[] = []
  for (const sample of samples) {
    const path = fileOf(sample, folder)
    if ((await stat(path).catch(() => undefined)) === undefined) continue
    const fileName = path.slice(path.lastIndexOf('/') + 1)
    const bytes = Buffer.from(
      (await readFile(path)).toString('latin1').replaceAll('META-INF/maven/', 'META-INF/other/'),
      'latin1',
    )
    const archive = openZip(memorySource(bytes), {
      what: fileName,
      limits: { entries: 300_000, directoryBytes: 64 << 20, entryBytes: 256 << 20 },
      budget: { left: 2 ** 31 },
    })
    const { manifest, packages, statements } = tracesOf(archive, readArchiveName(fileName))
    const told = [...manifest].filter(([key, value]) => attributes.includes(key) && value.length < 300)
    lines.push(
      JSON.stringify({
        is: coordinatesOf(sample),
        file: fileName,
        manifest: Object.fromEntries(told),
        packages,
        statements: statements.slice(0, 20),
      }),
    )
  }
  await writeFile(file, gzipSync(`${lines.sort().join('\n')}\n`, { level: 9 }))
}
