import { readFile } from 'node:fs/promises'
import { domainOf, topLevels } from './guess-group.ts'

/** What the names of published archives show about one that does not state its group. */
export interface PublishedGroup {
  readonly group: string
  /** True when the archive's own name was published under exactly one group whose packages it has. */
  readonly isSure: boolean
  /** Whether the name itself was published, or others that begin like it. */
  readonly by: 'name' | 'family'
}

/**
 * Groups and artefacts as they were published: those that lists of versions (bills of materials of Maven) and locks of public
 * projects name. Facts of Maven's central repository, gathered by `scripts/long/java-names/gather.ts`.
 */
export class PublishedNames {
  readonly #groups = new Map<string, string[]>()
  readonly #families = new Map<string, { readonly artifact: string; readonly group: string }[]>()
  /** Groups by how packages spell them, which have no hyphens. */
  readonly #known = new Map<string, string>()
  readonly #publishers = new Set<string>()
  /** Owners that have groups below their domain. */
  readonly #divided = new Set<string>()

  /** Lines "GROUP: ARTIFACT ARTIFACT…". */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [group = '', ...artifacts] = line.split(/:? /)
      for (const artifact of artifacts) {
        add(this.#groups, artifact, group)
        if (scala.test(artifact)) add(this.#groups, anyScala(artifact), group)
        add(this.#families, wordsOf(artifact)[0] ?? artifact, { artifact, group })
      }
      if (artifacts.length === 0) continue
      this.#known.set(spelling(group), group)
      this.#publishers.add(publisherOf(group))
      const owner = domainOf(group.split('.'))
      if (owner !== group) this.#divided.add(owner)
    }
  }

  /** The group of an artefact whose classes are in these packages. Those that begin with no domain ("okio") tell nobody. */
  groupOf(artifact: string, stated: string): PublishedGroup | undefined {
    const packages = isDomainName(stated) ? stated : ''
    // A thing of the same name without Scala's version is it only where the packages say so.
    const plain = packages === '' ? [] : [artifact.replace(scala, '')]
    const name = [artifact, anyScala(artifact), plainName(artifact), ...plain].find((each) =>
      this.#groups.has(each),
    )
    const named = name === undefined ? undefined : this.#named(name, packages)
    if (named !== undefined) return { ...named, isSure: named.isSure && name === artifact }
    return this.#relative(artifact, packages)
  }

  /** Groups that an artefact of this name was published under. */
  groupsOf(artifact: string): readonly string[] {
    return this.#groups.get(artifact) ?? []
  }

  /** The longest group that packages, or a name that is built like them, begin with, beyond their domain. */
  groupOfPackages(packages: string): string | undefined {
    const parts = packages.split('.')
    const least = domainOf(parts).split('.').length
    for (let length = parts.length; length > least; length--) {
      const group = this.#known.get(spelling(parts.slice(0, length).join('.')))
      if (group !== undefined) return group
    }
    return undefined
  }

  /**
   * The group of the owner of a guessed group, if everything that is known of that owner is published under their
   * domain alone, so that the next part will be there too. Undefined when the guess is that group already, or when
   * nothing is known.
   */
  groupOfOwner(guessed: string): string | undefined {
    const owner = domainOf(guessed.split('.'))
    const known = this.#known.get(spelling(owner))
    return owner !== guessed && known !== undefined && !this.#divided.has(known) ? known : undefined
  }

  #named(name: string, packages: string): PublishedGroup | undefined {
    const all = this.groupsOf(name)
    const own = all.filter((group) => isOfOwner(group, packages))
    const [first] = [...own].sort((a, b) => fit(b, packages) - fit(a, packages))
    if (first !== undefined && (packages !== '' || isTelling(name)))
      return { group: first, isSure: all.length === 1 && packages !== '', by: 'name' }
    // Who publishes another's packages is known by a name that nobody else has, if the other publishes nothing.
    const [only] = all
    return only !== undefined &&
      all.length === 1 &&
      isTelling(name) &&
      !this.#publishers.has(publisherOf(packages))
      ? { group: only, isSure: false, by: 'name' }
      : undefined
  }

  /**
   * That of the artefact that shares most first words, and whose packages are of the same owner; where they tell nobody, that of the
   * only group that has names which begin with so telling a word.
   */
  #relative(artifact: string, packages: string): PublishedGroup | undefined {
    const words = wordsOf(artifact)
    const isScala = scala.test(artifact)
    const begun = this.#families.get(words[0] ?? artifact) ?? []
    // Names without Scala's version are of things that are no relatives.
    const all = isScala ? begun.filter((each) => scala.test(each.artifact)) : begun
    const family = packages === '' ? all : all.filter(({ group }) => ownerOf(group) === ownerOf(packages))
    const counts = new Map<string, { words: number; members: number }>()
    for (const each of family) {
      const common = commonWords(wordsOf(each.artifact), words)
      const best = counts.get(each.group)
      if (best === undefined || common > best.words) counts.set(each.group, { words: common, members: 1 })
      else if (common === best.words) best.members++
    }
    const isFamily = [...counts.values()].every(({ words, members }) => words > 1 || members > 1)
    if (packages === '' && (counts.size > 1 || !isFamily || !isTelling(words[0] ?? ''))) return undefined
    const [first] = [...counts].sort(
      ([one, a], [other, b]) =>
        b.words - a.words || fit(other, packages) - fit(one, packages) || b.members - a.members,
    )
    return first && { group: first[0], isSure: false, by: 'family' }
  }
}

function spelling(group: string): string {
  return group.toLowerCase().replace(/[-_]/g, '')
}

let loaded: Promise<PublishedNames> | undefined

/** The names that ship with Temper, read once. */
export function publishedNames(): Promise<PublishedNames> {
  loaded ??= readFile(new URL('./groups/published.txt', import.meta.url), 'utf8').then(
    (text) => new PublishedNames(text),
  )
  return loaded
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

/** Binary versions of Scala. */
const scala = /_(?:2\.\d+|3)$/

/** The name for whatever version of Scala. */
function anyScala(artifact: string): string {
  return artifact.replace(scala, '_*')
}

/** Without what says for which platform it is. */
function plainName(artifact: string): string {
  return artifact.replace(/-(?:jvm|android|js)$/, '')
}

function wordsOf(artifact: string): readonly string[] {
  return artifact.toLowerCase().split(/[-_.]/)
}

function commonWords(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((word, index) => word !== b[index])
  return end < 0 ? a.length : end
}

/** Whether packages begin with a domain: that of a country, or another. */
export function isDomainName(packages: string): boolean {
  return topLevels.test(packages) || /^[a-z]{2}\./.test(packages)
}

/** The domain that a group or packages begin with. */
function ownerOf(name: string): string {
  return domainOf(name.toLowerCase().split('.'))
}

/** Of whom there are archives at all: by the first two words, which are one owner's unless they are of a host of many. */
function publisherOf(name: string): string {
  const two = name.toLowerCase().split('.').slice(0, 2).join('.')
  return hostsOfMany.test(two) ? ownerOf(name) : two
}

const hostsOfMany =
  /^(?:com|io|org|net)\.(?:apache|codehaus|eclipse|github|gitlab|google|googlecode|java|sf|sourceforge)$/

/** Whether packages are those of the owner of a group; packages that are not there say nothing. */
export function isOfOwner(group: string, packages: string): boolean {
  if (packages === '') return true
  const owner = ownerOf(packages)
  return `${group.toLowerCase()}.`.startsWith(`${owner}.`) || `${packages}.`.startsWith(`${group}.`)
}

/** How well a group fits packages: by the parts that they have in common, and those that it has besides. */
function fit(group: string, packages: string): number {
  const [parts, others] = [group.toLowerCase().split('.'), packages.toLowerCase().split('.')]
  const end = parts.findIndex((part, index) => part !== others[index])
  const common = end < 0 ? parts.length : end
  return common * 100 - parts.length
}

/** Names that any project gives to its parts tell nothing. */
function isTelling(artifact: string): boolean {
  const words = wordsOf(artifact)
  return words.some((word) => word.length > 3 && !ordinary.has(word))
}

const ordinary = new Set(
  'annotations annotation api auth base bundle client cloud common commons config core data driver engine event gateway http java jdbc json kotlin library logging metadata model module parent parser plugin processor protocol runtime scala schema security server service services shaded spring starter storage stream streams support system test testing tests tool tools transport util utils validation value version'.split(
    ' ',
  ),
)
