import { tryUtf8 } from '../../../base/bytes.ts'
import { type DocumentKind, readDocument } from '../../document/document.ts'
import type { IgnoreRule } from '../rule.ts'
import { isGrypeFile, readGrypeFile } from './grype-file.ts'
import { isTrivyFile, readTrivyFile } from './trivy-file.ts'
import { isTrivyList, readTrivyList } from './trivy-list.ts'

/**
 * The rules of a file that another scanner reads (`.trivyignore`, `.trivyignore.yaml`, `.grype.yaml`), recognised by
 * its name or its content. Undefined for any other file. A rule that means something else here becomes one that
 * ignores nothing and says why (`IgnoreRule.untaken`). Errors: those of `readDocument`.
 */
export function readForeignFile(
  bytes: Uint8Array,
  file: string,
  kind: DocumentKind,
): readonly IgnoreRule[] | undefined {
  const text = bytes.length > kind.bytes ? undefined : tryUtf8(bytes)
  if (text !== undefined && (/\.trivyignore$/.test(file) || isTrivyList(text)))
    return readTrivyList(text, file)
  const document = readDocument(bytes, file, kind)
  if (/\.trivyignore\.ya?ml$/.test(file) || isTrivyFile(document.value)) return readTrivyFile(document, file)
  const isGrype = /\.grype\.ya?ml$/.test(file) || isGrypeFile(document.value)
  return isGrype ? readGrypeFile(document, file) : undefined
}
