import { loadProgram } from './closure.ts'
import { createLibrarySearch, type LibrarySearch } from './library-search.ts'
import { type NeedFault, unmetNeed } from './need.ts'
import { createPluginHosts } from './plugin-host.ts'
import { type ElfNode, isElf, isLoadable, type ProofSubject } from './subject.ts'

/** A need that the object's own search path does not satisfy. */
interface OpenNeed {
  readonly object: ElfNode
  readonly name: string
}

/**
 * Checks that every library that an ELF file needs is where the loader would find it, for the right machine and with
 * the required symbol versions.
 */
export function* proveLibraries(subject: ProofSubject): Generator<NeedFault> {
  const objects: ElfNode[] = []
  for (const node of subject.nodes) {
    if (node.type !== 'file' || !isElf(node)) continue
    if (isLoadable(node, subject.loader)) objects.push(node)
    else yield* wrongMachine(node, subject)
  }
  const search = createLibrarySearch(subject)
  const open: OpenNeed[] = []
  const users = new Map<ElfNode, ElfNode[]>()
  for (const object of objects) {
    const { damaged } = object.elf
    if (damaged !== undefined) yield describeDamage(object, damaged)
    for (const name of object.elf.needed) {
      const library = search.find(object, name)
      if (library) {
        addUser(users, library, object)
        yield* checkVersions(object, name, { library, subject })
      } else open.push({ object, name })
    }
  }
  yield* checkPreload(subject, search)
  if (open.length > 0) yield* settleOpenNeeds(open, objects, { subject, search, users })
}

function addUser(users: Map<ElfNode, ElfNode[]>, library: ElfNode, user: ElfNode): void {
  const known = users.get(library)
  if (known) known.push(user)
  else users.set(library, [user])
}

interface SettleContext {
  readonly subject: ProofSubject
  readonly search: LibrarySearch
  /** Library → objects that find it by their own search path. */
  readonly users: ReadonlyMap<ElfNode, readonly ElfNode[]>
}

/**
 * Programs whose loading tells something: those that lead to an object with an open need, or to one whose
 * DT_RPATH changes where others look.
 */
function* programsToLoad(
  open: readonly OpenNeed[],
  objects: readonly ElfNode[],
  { users, search }: SettleContext,
) {
  const reached = new Set(open.map(({ object }) => object))
  for (const object of objects) if (search.rpathOf(object).length > 0) reached.add(object)
  for (const object of reached) for (const user of users.get(object) ?? []) reached.add(user)
  for (const object of objects) if (object.elf.kind === 'executable' && reached.has(object)) yield object
}

/**
 * A need may still be satisfied by what is loaded before: by the program that leads to the object, or,
 * for plug-ins that no program names, by their host.
 */
function* settleOpenNeeds(
  open: readonly OpenNeed[],
  objects: readonly ElfNode[],
  context: SettleContext,
): Generator<NeedFault> {
  const { subject, search } = context
  const outcomes = new Map<string, { found?: ElfNode; failing?: ElfNode }>()
  const wanted = new Set(open.map(keyOf))
  for (const program of programsToLoad(open, objects, context)) {
    for (const need of loadProgram(program, search)) {
      const key = keyOf(need)
      if (!wanted.has(key)) continue
      const outcome = outcomes.get(key) ?? {}
      if (need.resolved) outcome.found ??= need.resolved
      else outcome.failing ??= program
      outcomes.set(key, outcome)
    }
  }
  const hosts = createPluginHosts(objects, { loader: subject.loader, started: startedPrograms(subject) })
  for (const need of open) {
    const outcome = outcomes.get(keyOf(need))
    // A program fails by itself: whoever starts it may tell it where to look.
    const alone = outcome?.failing === need.object && outcome.found === undefined
    const library = outcome && !alone ? outcome.found : hosts.find(need.object, need.name)
    if (!library || (outcome?.failing && !alone)) yield describeMissing(need, subject, outcome?.failing)
    else yield* checkVersions(need.object, need.name, { library, subject })
  }
}

/** What the recipe starts by its path. */
function startedPrograms({ recipe: { entrypoint, cmd, tests } }: ProofSubject): ReadonlySet<string> {
  const commands = [entrypoint, cmd, ...tests.map(({ command }) => command ?? [])]
  return new Set(commands.flatMap(([program]) => program?.replace(/^\/+/, '') ?? []))
}

/** LD_PRELOAD names libraries that every program loads first (ld.so(8)). */
function* checkPreload(subject: ProofSubject, search: LibrarySearch): Generator<NeedFault> {
  for (const name of (subject.recipe.environment['LD_PRELOAD'] ?? '').split(/[\s:]+/)) {
    if (name === '' || search.findAnywhere(name)) continue
    yield unmetNeed({
      kind: 'library',
      by: { recipe: 'LD_PRELOAD' },
      need: name,
      provider: subject.whoHas(name),
      found: `names the library ${name}, which is not where the loader looks for it`,
    })
  }
}

function keyOf({ object, name }: OpenNeed): string {
  return `${object.path}\0${name}`
}

/** A library that defines no versions at all makes the loader only warn, so it is no hole. */
function* checkVersions(
  object: ElfNode,
  name: string,
  { library, subject }: { readonly library: ElfNode; readonly subject: ProofSubject },
): Generator<NeedFault> {
  if (!Object.hasOwn(object.elf.versionNeeds, name)) return
  const defined = library.elf.versionDefinitions
  if (defined.length === 0) return
  for (const version of object.elf.versionNeeds[name] ?? []) {
    if (defined.includes(version)) continue
    yield unmetNeed({
      kind: 'version',
      by: object,
      need: `${name} (${version})`,
      provider: subject.whoHas(name),
      found: `needs version ${version} of ${name}, which /${library.path} does not define`,
    })
  }
}

function describeMissing(
  { object, name }: OpenNeed,
  subject: ProofSubject,
  program: ElfNode | undefined,
): NeedFault {
  const neededBy = program && program !== object ? program.path : undefined
  const through = neededBy === undefined ? '' : ` when /${neededBy} starts`
  return unmetNeed({
    kind: 'library',
    by: object,
    need: name,
    neededBy,
    provider: subject.whoHas(name),
    found: `needs the library ${name}, which is not where the loader looks for it${through}`,
  })
}

function describeDamage(object: ElfNode, damaged: string): NeedFault {
  return unmetNeed({
    kind: 'damaged',
    by: object,
    need: 'a readable ELF file',
    found: `cannot be understood, so that its needs are not known: ${damaged}`,
  })
}

/** Files for other machines are data (firmware, test files), unless they stand among the programs. */
function* wrongMachine(node: ElfNode, { loader }: ProofSubject): Generator<NeedFault> {
  if (node.elf.kind === 'other' || !/(^|\/)s?bin\/[^/]+$/.test(node.path)) return
  yield unmetNeed({
    kind: 'machine',
    by: node,
    need: loader.name,
    found: `is a ${node.elf.bits}-bit program for machine ${node.elf.machine} instead of ${loader.name}`,
  })
}
