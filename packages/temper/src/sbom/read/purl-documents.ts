import { isObject, type JsonObject, membersOf, objectOf } from '../../base/json/value.ts'
import { parsePurl } from '../../formats/purl/purl.ts'
import { objectsIn, textOf } from './json.ts'

/** Lines of a list of package URLs. */
const lineLimit = 500_000

/**
 * Whether a document is what tools submit to GitHub's dependency graph (REST API, "Create a snapshot of dependencies
 * for a repository").
 */
export function isSnapshot(document: JsonObject): boolean {
  return isObject(document['detector']) && 'manifests' in document && isObject(document['job'])
}

/**
 * A snapshot of GitHub's dependency graph, as Syft and Trivy write it too: package URLs by the file that names them.
 * Returned as an equivalent CycloneDX document.
 */
export function fromSnapshot(document: JsonObject): JsonObject {
  const components = membersOf(document['manifests']).flatMap(([key, manifest]) => {
    const path = textOf(objectOf(objectOf(manifest)?.['file'])?.['source_location']) ?? key
    return membersOf(objectOf(manifest)?.['resolved'])
      .map(([, resolved]) => textOf(objectOf(resolved)?.['package_url']))
      .flatMap((purl) => (purl === undefined ? [] : [componentOf(purl, placeOf(path))]))
  })
  return documentOf([...systemOf(objectOf(document['metadata'])), ...components])
}

/** Whether a text is a list of package URLs, one per line, where lines that start with "#" are comments. */
export function isPurlList(text: string): boolean {
  return /^(?:[^\S\n]*(?:#[^\n]*)?\n){0,200}[^\S\n]*pkg:[a-z]/.test(text)
}

/**
 * A list of package URLs (`syft -o purls`, `grype purl:FILE`), as CycloneDX. Lines that are not package URLs become
 * notes there.
 */
export function fromPurlList(text: string): JsonObject {
  const lines = text
    .split('\n', lineLimit)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return documentOf(lines.map((line) => componentOf(line)))
}

function documentOf(components: readonly JsonObject[]): JsonObject {
  return { bomFormat: 'CycloneDX', specVersion: '1.6', components: objectsIn(components) }
}

function componentOf(purl: string, more: JsonObject = {}): JsonObject {
  const { name, version } = parsePurl(purl) ?? { name: purl.slice(0, 500), version: undefined }
  return { type: 'library', name, ...(version === undefined ? {} : { version }), purl, ...more }
}

/** Syft puts an image's name before the path: "image:/lib/apk/db/installed". */
function placeOf(path: string): JsonObject {
  const location = /^[^/]*:(\/.*)$/.exec(path)?.[1] ?? path
  return { evidence: { occurrences: [{ location }] } }
}

/** Syft's "syft:distro": a package URL without a type of its own. */
function systemOf(metadata: JsonObject | undefined): readonly JsonObject[] {
  const { name, version } = parsePurl(textOf(metadata?.['syft:distro']) ?? '') ?? {}
  if (name === undefined) return []
  return [{ type: 'operating-system', name, ...(version === undefined ? {} : { version }) }]
}
