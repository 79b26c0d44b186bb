import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf, membersOf, textOf } from '../../base/json/value.ts'
import { type GitEntry, objectId, treeId, treeOfCommit } from '../../formats/git/objects.ts'
import { readTar } from '../../formats/tar/read.ts'
import { encodePaxHeader } from '../../formats/tar/write.ts'
import type { FileEntry } from '../../model/package/package-content.ts'

/** The record before an archive's first entry that says of which commit it is. */
const key = 'TEMPER.git'

/** What the archive of a tree needs besides its files to be proved that of a commit. */
interface GitProof {
  /** The commit's own object, as base64. */
  readonly commit: string
  /** Entries that files do not tell: submodules, and modes of old. */
  readonly odd: Readonly<Record<string, Pick<GitEntry, 'mode' | 'id'>>>
}

/** The header that begins the archive of a commit's tree: with it the files alone prove that they are this commit's. */
export function proofHeader(object: Uint8Array, entries: readonly GitEntry[]): Uint8Array {
  const odd = entries.filter(({ mode }) => !told.has(mode)).map(({ path, mode, id }) => [path, { mode, id }])
  const proof: GitProof = { commit: Buffer.from(object).toString('base64'), odd: Object.fromEntries(odd) }
  return encodePaxHeader([{ key, value: Buffer.from(JSON.stringify(proof)) }])
}

/** Modes that files of an archive tell. */
const told: ReadonlySet<string> = new Set(['100644', '100755', '120000'])

/**
 * Whether an archive holds the tree of a commit, and nothing else, by the ids of its objects. Throws `bad-attestation`,
 * also where its record would have a file pass for one of another kind.
 */
export async function checkGitTree(commit: string, archive: Uint8Array): Promise<void> {
  const what = `the tree of the commit ${commit}`
  const entries: GitEntry[] = []
  let proof: ReadProof | undefined
  for await (const { entry, content, records } of readTar(bytesOf(archive), { what, records: [key] })) {
    proof ??= readProof(records?.get(key))
    const { path, type, target = '', size } = entry
    const odd = proof.odd.get(path)
    const mode = modeOf(entry, odd?.mode)
    if (mode === undefined) throw otherFiles(commit, `${JSON.stringify(path)}, a ${type} that it cannot have`)
    if (type === 'directory') {
      // What is longer than an id would hide the entries behind it.
      if (Buffer.from(odd?.id ?? '', 'hex').length * 2 !== commit.length)
        throw otherFiles(commit, `no commit for ${JSON.stringify(path)}`)
      entries.push({ mode, id: odd?.id ?? '', path })
      continue
    }
    const bytes = type === 'symlink' ? Buffer.from(target) : await collect(content, { limit: size, what })
    entries.push({ mode, id: objectId('blob', bytes, commit), path })
  }
  const object = Buffer.from(proof?.commit ?? '', 'base64')
  const [own, tree] = [treeOfCommit(object), treeId(entries, commit)]
  const isCommit = objectId('commit', object, commit) === commit
  if (isCommit && own === tree) return
  const actual = isCommit ? `the tree ${tree} where the commit has ${own}` : 'no commit of that id'
  throw otherFiles(commit, actual, { commit, expected: own, found: tree })
}

function otherFiles(commit: string, actual: string, details: Readonly<Record<string, unknown>> = { commit }) {
  const message = `Its files are not those of the commit ${commit}: found ${actual}`
  return new TemperError('bad-attestation', message, { details })
}

/** How git has an entry, which a record says only where the archive cannot; undefined for what no commit holds. */
function modeOf({ type, mode }: FileEntry, odd: string | undefined): string | undefined {
  if (type === 'symlink') return '120000'
  if (type === 'directory') return odd === '160000' ? odd : undefined
  if (type !== 'file') return undefined
  const executable = mode & 0o100
  if (odd === undefined) return executable === 0 ? '100644' : '100755'
  const isOld = /^100[0-7]{3}$/.test(odd) && !told.has(odd)
  return isOld && (Number.parseInt(odd, 8) & 0o100) === executable ? odd : undefined
}

interface ReadProof extends Pick<GitProof, 'commit'> {
  readonly odd: ReadonlyMap<string, Pick<GitEntry, 'mode' | 'id'>>
}

/** Anything may stand in the record of an archive that somebody hands on. */
function readProof(text = ''): ReadProof {
  const value = tryJson(Buffer.from(text, 'latin1').toString('utf8'))
  const odd = membersOf(memberOf(value, 'odd')).map(([path, each]) => {
    const text = (name: string) => textOf(memberOf(each, name)) ?? ''
    return [path, { mode: text('mode'), id: text('id') }] as const
  })
  return { commit: textOf(memberOf(value, 'commit')) ?? '', odd: new Map(odd) }
}
