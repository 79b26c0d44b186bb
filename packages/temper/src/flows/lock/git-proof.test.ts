import { describe, expect, it } from 'vitest'
import { type GitEntry, objectId, treeId } from '../../formats/git/objects.ts'
import { encodePaxHeader, encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { checkGitTree, proofHeader } from './git-proof.ts'

const like = 'a'.repeat(40)
const idOf = (text: string) => objectId('blob', Buffer.from(text), like)
const module = 'de'.repeat(20)

const files = {
  empty: { mode: '100644', id: idOf(''), path: 'empty' },
  lib: { mode: '160000', id: module, path: 'lib' },
  link: { mode: '120000', id: idOf('x'), path: 'link' },
  old: { mode: '100664', id: idOf('x'), path: 'old' },
  oldProgram: { mode: '100775', id: idOf('x'), path: 'old.sh' },
  plain: { mode: '100644', id: idOf('x'), path: 'plain' },
  program: { mode: '100755', id: idOf('x'), path: 'run.sh' },
  second: { mode: '100644', id: idOf('y'), path: 'second' },
} satisfies Record<string, GitEntry>
const all: readonly GitEntry[] = Object.values(files)

/** A commit of a tree, and its id. */
function commitOf(entries: readonly GitEntry[]) {
  const object = Buffer.from(`tree ${treeId(entries, like)}\nauthor a <a@a.example> 0 +0000\n`)
  return { object, id: objectId('commit', object, like) }
}

interface Item extends Partial<FileEntry> {
  readonly path: string
  readonly text?: string
}
const items: readonly Item[] = [
  { path: 'empty' },
  { path: 'lib', type: 'directory', mode: 0o755 },
  { path: 'link', type: 'symlink', mode: 0o777, target: 'x' },
  { path: 'old', text: 'x' },
  { path: 'old.sh', text: 'x', mode: 0o755 },
  { path: 'plain', text: 'x' },
  { path: 'run.sh', text: 'x', mode: 0o755 },
  { path: 'second', text: 'y' },
]

function archiveOf(header: Uint8Array, changed: Readonly<Record<string, Partial<Item> | undefined>> = {}) {
  const made = items
    .filter(({ path }) => !(path in changed) || changed[path] !== undefined)
    .flatMap((each) => {
      const { text = '', ...entry } = { ...each, ...changed[each.path] }
      const base = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: text.length } as const
      return [encodeTarHeader({ ...base, ...entry }), Buffer.from(text), tarPadding(text.length)]
    })
  return Buffer.concat([header, ...made, tarEnd])
}

const { object, id: commit } = commitOf(all)
/** The header with a record of somebody's own. */
const record = (value: unknown) =>
  encodePaxHeader([{ key: 'TEMPER.git', value: Buffer.from(JSON.stringify(value)) }])
const odd = Object.fromEntries(
  [files.lib, files.old, files.oldProgram].map(({ path, mode, id }) => [path, { mode, id }]),
)
const own = { commit: object.toString('base64'), odd }

describe('the proof in the archive of a commit', () => {
  it('says what files do not, and nothing more', () => {
    expect(Buffer.from(proofHeader(object, all))).toEqual(Buffer.from(record(own)))
  })

  it('holds for the files of the commit', async () => {
    await expect(checkGitTree(commit, archiveOf(proofHeader(object, all)))).resolves.toBeUndefined()
  })

  it('says which tree was there in place of which', async () => {
    const archive = archiveOf(proofHeader(object, all), { second: { text: 'z' } })
    const tree = treeId([...all.slice(0, -1), { ...files.second, id: idOf('z') }], like)
    const expected = treeId(all, like)
    await expect(checkGitTree(commit, archive)).rejects.toMatchObject({
      code: 'bad-attestation',
      message: `Its files are not those of the commit ${commit}: found the tree ${tree} where the commit has ${expected}`,
      details: { commit, expected, found: tree },
    })
  })

  // Each has the ids of the commit's objects, in one way or another.
  it.each<[string, Parameters<typeof archiveOf>[1], Record<string, unknown>]>([
    [
      'a file is a link whose text is its content',
      { plain: { type: 'symlink', target: 'x', text: '' } },
      { plain: { mode: '100644', id: files.plain.id } },
    ],
    [
      'a file is an empty folder',
      { plain: { type: 'directory', text: '' } },
      { plain: { mode: '100644', id: files.plain.id } },
    ],
    ['an empty file is a hard link', { empty: { type: 'hardlink', target: 'lib' } }, {}],
    ['an empty file is a pipe', { empty: { type: 'fifo' } }, {}],
    [
      'a link is a file',
      { link: { type: 'file', text: 'x' } },
      { link: { mode: '120000', id: files.link.id } },
    ],
    ['a file is made a program', { plain: { mode: 0o755 } }, { plain: { mode: '100644', id: '' } }],
    ['a program is made a file', { 'run.sh': { mode: 0o644 } }, { 'run.sh': { mode: '100755', id: '' } }],
    ['an old file is made a program', { old: { mode: 0o755 } }, {}],
    ['an old program is made a file', { 'old.sh': { mode: 0o644 } }, {}],
    [
      'a file hides behind the id of a submodule',
      { link: undefined },
      {
        lib: {
          mode: '160000',
          id: `${module}${Buffer.from('120000 link\0').toString('hex')}${files.link.id}`,
        },
      },
    ],
    ['a submodule has no id', {}, { lib: { mode: '160000' } }],
    ['a submodule is not told of', {}, { lib: undefined }],
    ['what is told has no parts', {}, { lib: null, old: 'x', plain: 5 }],
    ['ids are no text', {}, { lib: { mode: '160000', id: [module] } }],
  ])('is none where %s', async (_, changed, told) => {
    const archive = archiveOf(record({ ...own, odd: { ...odd, ...told } }), changed)
    await expect(checkGitTree(commit, archive)).rejects.toMatchObject({ code: 'bad-attestation' })
  })

  it.each([
    ['null', null],
    ['a text', 'x'],
    ['nothing odd', { commit: own.commit }],
    ['null for what is odd', { ...own, odd: null }],
    ['no commit', { odd }],
    ['a number as the commit', { ...own, commit: 5 }],
    ['another commit', { ...own, commit: commitOf([files.plain]).object.toString('base64') }],
  ])('is none where the record has %s', async (_, value) => {
    await expect(checkGitTree(commit, archiveOf(record(value)))).rejects.toMatchObject({
      code: 'bad-attestation',
    })
  })

  it('is that of the commit alone, not of another that has the same files', async () => {
    const same = Buffer.concat([object, Buffer.from('committer b <b@b.example> 0 +0000\n')])
    const archive = archiveOf(record({ ...own, commit: same.toString('base64') }))
    await expect(checkGitTree(commit, archive)).rejects.toMatchObject({
      code: 'bad-attestation',
      message: `Its files are not those of the commit ${commit}: found no commit of that id`,
    })
  })

  it('is none where there is no record', async () => {
    const alone = archiveOf(new Uint8Array())
    await expect(checkGitTree(commit, alone)).rejects.toMatchObject({ code: 'bad-attestation' })
  })

  it('cannot speak for what is of no commit', async () => {
    // Modes of today, and what would write more than a mode.
    for (const mode of ['100644', '1006640', '5100664', '120000']) {
      const archive = archiveOf(record({ ...own, odd: { ...odd, plain: { mode, id: '' } } }))
      await expect(checkGitTree(commit, archive)).rejects.toMatchObject({
        message: `Its files are not those of the commit ${commit}: found "plain", a file that it cannot have`,
        details: { commit },
      })
    }
    const longer = { lib: { mode: '160000', id: `${module}00` } }
    await expect(
      checkGitTree(commit, archiveOf(record({ ...own, odd: { ...odd, ...longer } }))),
    ).rejects.toMatchObject({ message: expect.stringContaining('found no commit for "lib"') })
  })
})
