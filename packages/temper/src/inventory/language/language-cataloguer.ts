import type { Cataloguer, FoundFact } from '../cataloguer.ts'
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
    combine: (facts, scope) => {
      const counting = scope.distribution === undefined ? facts : withoutCommands(facts)
      return catalogue(language, language.prepare?.(counting) ?? counting)
    },
  }
}

/** Where a system is, commands have run: what they installed is there, and what they left out is not. */
function withoutCommands(facts: readonly FoundFact<LanguageFact>[]): readonly FoundFact<LanguageFact>[] {
  return facts.filter(({ fact }) => fact.isOfCommands !== true)
}
