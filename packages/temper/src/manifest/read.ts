import { TemperError } from '../base/error.ts'
import { isObject } from '../base/json/value.ts'
import { isCompose, readCompose } from './compose.ts'
import type { ManifestContents } from './contents.ts'
import { readObject } from './kubernetes.ts'
import { readDocuments } from './yaml-file.ts'

/**
 * Reads what a file wants to run: manifests of Kubernetes (any number of documents, lists, kinds of other people), or a
 * Compose file; YAML or JSON. Throws `bad-manifest` for what is neither, `limit-exceeded`.
 */
export function readManifests(file: string, text: string): ManifestContents {
  const contents: ManifestContents = { file, objects: 0, pods: [], images: [], unread: [] }
  const documents = readDocuments(text, { file, version: '1.1' })
  if (documents.some(({ value }) => isCompose(value))) {
    for (const document of readDocuments(text, { file, version: '1.2' })) readCompose(document, contents)
    return contents
  }
  for (const document of documents) {
    if (document.value === null) continue
    if (isObject(document.value) && typeof document.value['kind'] === 'string')
      readObject([], { document, contents })
    else {
      const { line } = document.locate([])
      throw new TemperError(
        'bad-manifest',
        `${file}:${line}: expected an object of Kubernetes or a Compose file`,
        {
          hint: 'Objects of Kubernetes have apiVersion and kind, Compose files have services.',
        },
      )
    }
  }
  return contents
}
