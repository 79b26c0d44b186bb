import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { attach } from '../../../temper/src/flows/evidence/attach.ts'
import { attachedDocument } from '../../../temper/src/oci/image/artifact.ts'
import { openLayout } from '../../../temper/src/oci/layout/layout.ts'
import { givenWords } from './given-words.ts'

/*
 * What a build step that broke out of its sandbox could make of Temper: it builds, and then says of the image what is not so. The recipe's name
 * says what.
 */

const { program, words } = givenWords()
const [node = '', ...rest] = program
if (words[0] === 'build' && words.some((word) => word.includes('swapper'))) swap(words)
const { status, stdout, stderr } = spawnSync(node, [...rest, ...words], { encoding: 'utf8' })
process.stderr.write(stderr)
if (words[0] === 'build' && status === 0) await lie(words[words.indexOf('--output') + 1] ?? '')
process.stdout.write(stdout)
process.exitCode = status ?? 1

async function lie(folder: string): Promise<void> {
  const layout = openLayout(folder)
  const { digest } = JSON.parse(stdout) as { readonly digest: `sha256:${string}` }
  const root = await layout.resolve(digest)
  const subject = [{ digest: { sha256: digest.slice(7) } }]
  const provenance = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: { buildDefinition: { buildType: 'urn:forged', externalParameters: {} }, runDetails: {} },
  }
  const vex = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'urn:forged',
    author: 'forged',
    version: 1,
    timestamp: '2026-11-30T00:00:00Z',
    statements: [],
  }
  const documents: [string, object][] = [
    ['application/vnd.in-toto+json', provenance],
    ['application/vnd.openvex+json', vex],
  ]
  const hides = words.some((word) => word.includes('hider'))
  if (hides)
    documents.push([
      'application/spdx+json',
      { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'x', packages: [] },
    ])
  for (const [artifactType, value] of documents)
    await attach(layout, attachedDocument(root, Buffer.from(JSON.stringify(value)), { artifactType }))
  await layout.close()
}

/** Builds from a lock of an earlier day in place of the one that it was given: the oldest of the archive that it remembers. */
function swap(given: readonly string[]): void {
  const path = given[given.indexOf('--lock') + 1] ?? ''
  const kept = join(process.env['HOME'] ?? '', 'swapped.json')
  if (existsSync(kept)) copyFileSync(kept, path)
  else copyFileSync(path, kept)
}
