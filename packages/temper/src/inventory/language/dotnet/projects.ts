import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

const reference = /<(?:Global)?Package(?:Reference|Version)\s([^>]{1,1000})>/g

/** Project files and Directory.Packages.props */
export const projectFile = /\.(?:cs|fs|vb)proj$|(?:^|\/)Directory\.(?:Packages|Build)\.(?:props|targets)$/

/**
 * What a project of .NET asks for directly. Of "1.2.3", which means that version or a later one, NuGet takes the lowest that
 * there is: that one.
 */
export function readProject(file: FileContent): LanguageFact | undefined {
  const facts = Array.from(decodeText(file.bytes).matchAll(reference), ([, attributes = '']) => {
    const name = /\bInclude\s{0,5}=\s{0,5}["']([^"']{1,200})["']/.exec(attributes)?.[1]?.trim()
    const version = /\bVersion\s{0,5}=\s{0,5}["']([^"']{1,200})["']/.exec(attributes)?.[1]?.trim()
    const exact = /^\[?(\d[\w.+-]*)\]?$/.exec(version ?? '')?.[1]
    return packageFact(name, exact)
  })
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'lock', packages, direct: true }
}
