import type { Cataloguer } from '../cataloguer.ts'
import { catalogue } from './catalogue.ts'
import type { LanguageFact } from './fact.ts'
import type { Language } from './language.ts'

/** The cataloguer of a language, from what it knows of its files. */
export function languageCataloguer(language: Language): Cataloguer<LanguageFact> {
  const { id, type, version, sizeLimit, kinds } = language
  return {
    id,
    type,
    version,
    sizeLimit,
    select: (head) => head.size > 0 && kinds.some((kind) => kind.matches(head)),
    read: (file) => kinds.find((kind) => kind.matches(file))?.read(file),
    combine: (facts) => catalogue(language, language.prepare?.(facts) ?? facts),
  }
}
