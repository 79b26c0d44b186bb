import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf, textOf } from '../../base/json/value.ts'
import { type GitEntry, objectId, treeId, treeOfCommit } from '../../formats/git/objects.ts'
import { readTar } from '../../formats/tar/read.ts'
import { encodePaxHeader } from '../../formats/tar/write.ts'

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

/** Entries of one archive, as when it is made. */
const most = 100_000

/** Whether an archive holds the tree of a commit, and nothing else, by the ids of its objects. Throws `bad-attestation`. */
export async function checkGitTree(commit: string, archive: Uint8Array): Promise<void> {
  const what = `the tree of the commit ${commit}`
  const entries: GitEntry[] = []
  let proof: GitProof | undefined
  const items = readTar(bytesOf(archive), { what, limits: { entries: most }, records: [key] })
  for await (const { entry, content, records } of items) {
    proof ??= readProof(records?.get(key))
    const { path } = entry
    const odd = Object.hasOwn(proof.odd, path) ? proof.odd[path] : undefined
    const bytes =
      entry.type === 'symlink'
        ? Buffer.from(entry.target ?? '')
        : await collect(content, { limit: entry.size, what })
    const plain = entry.type === 'symlink' ? '120000' : (entry.mode & 0o100) === 0 ? '100644' : '100755'
    const id = entry.type === 'directory' ? (odd?.id ?? '') : objectId('blob', bytes, commit)
    entries.push({ mode: odd?.mode ?? plain, id, path })
  }
  const object = Buffer.from(proof?.commit ?? '', 'base64')
  const [own, tree] = [treeOfCommit(object), treeId(entries, commit)]
  const isCommit = objectId('commit', object, commit) === commit
  if (isCommit && own === tree) return
  const actual = isCommit ? `the tree ${tree} where the commit has ${own}` : 'no commit of that id'
  throw new TemperError(
    'bad-attestation',
    `Its files are not those of the commit ${commit}: found ${actual}`,
    {
      details: { commit, expected: own, found: tree },
    },
  )
}

function readProof(text: string | undefined): GitProof {
  const value = tryJson(text === undefined ? '' : Buffer.from(text, 'latin1').toString('utf8'))
  const commit = textOf(memberOf(value, 'commit')) ?? ''
  const odd = memberOf(value, 'odd')
  const isPlain = typeof odd === 'object' && odd !== null
  return { commit, odd: isPlain ? (odd as GitProof['odd']) : {} }
}
