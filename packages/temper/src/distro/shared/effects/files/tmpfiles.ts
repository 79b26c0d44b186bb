import type { EffectNode } from '../../../../model/root.ts'
import { Fuel } from '../../scripts/fuel.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { Effect, EffectContext } from '../effect.ts'
import { decodeBytes, encodeBytes } from '../text/bytes.ts'
import { below } from './below.ts'
import { configurationFiles } from './configuration-lines.ts'
import { findPaths } from './find-paths.ts'
import { type Owner, readTmpfilesLine, type TmpfilesLine, unescapeArgument } from './tmpfiles-line.ts'

const done: CommandResult = { status: 0, output: '' }

/** Patterns of all lines together: some hundred times what real ones need. */
const patternFuel = 5_000_000

/** Effect: folders, files and links that packages declare in tmpfiles.d(5). */
export const tmpfiles: Effect = {
  id: 'tmpfiles',
  title: 'Folders, files and links of tmpfiles.d',
  why: 'Services expect their run, state and cache folders, which an init system would make at boot.',
  source: 'tmpfiles.d(5); debhelper dh_installtmpfiles(1)',
  start(context) {
    return {
      commands: { 'systemd-tmpfiles': () => done },
      finish: () => {
        const lines = configurationFiles(context, 'tmpfiles.d')
          .flatMap(({ text }) => text.split('\n'))
          .flatMap((line) => readTmpfilesLine(line) ?? [])
        const fuel = new Fuel(patternFuel)
        const count = inOrder(lines).filter((line) => applyLine(line, context, fuel)).length
        if (count > 0) context.note('tmpfiles', `${count} lines`)
      },
    }
  },
}

/** Types whose path is a pattern, for what is there. */
const looking = new Set('ewzZm')

/**
 * What is made first, folders before what is in them and in the order of the lines; then what is done to what is there. Of
 * two lines that make the same, the first holds.
 */
function inOrder(lines: readonly TmpfilesLine[]): readonly TmpfilesLine[] {
  const making = new Map<string, TmpfilesLine>()
  for (const line of lines) if (!looking.has(line.type) && !making.has(line.path)) making.set(line.path, line)
  const sorted = new Set<TmpfilesLine>()
  for (const line of making.values()) {
    for (let end = line.path.indexOf('/', 1); end > 0; end = line.path.indexOf('/', end + 1)) {
      const above = making.get(line.path.slice(0, end))
      if (above) sorted.add(above)
    }
    sorted.add(line)
  }
  return [...sorted, ...lines.filter(({ type }) => looking.has(type))]
}

/** False when a line has nothing to do. */
function applyLine(line: TmpfilesLine, context: EffectContext, fuel: Fuel): boolean {
  const { stage } = context
  switch (line.type) {
    case 'd':
    case 'D':
    case 'v':
    case 'q':
    case 'Q':
      return makeFolder(line, context)
    case 'f':
    case 'F':
      return makeFile(line, context)
    case 'L':
      return makeLink(line, context)
    case 'C':
      return copyTree(line, context)
    case 'w':
      return findPaths(line.path, stage, fuel).filter((path) => writeInto(path, line, context)).length > 0
    case 'e':
    case 'z':
    case 'm': {
      const all = findPaths(line.path, stage, fuel)
      const wanted =
        line.type === 'e' ? all.filter((path) => stage.get(stage.canonical(path))?.type === 'directory') : all
      return wanted.filter((path) => setOwner(path, line, context)).length > 0
    }
    case 'Z': {
      const all = findPaths(line.path, stage, fuel).flatMap((path) => below(stage.canonical(path), stage))
      return all.filter((path) => setOwner(path, line, context)).length > 0
    }
    default:
      return false
  }
}

function present(path: string, { stage }: EffectContext): EffectNode | undefined {
  return stage.get(stage.canonical(path))
}

function makeFolder(line: TmpfilesLine, context: EffectContext): boolean {
  const before = present(line.path, context)
  if (before !== undefined && before.type !== 'directory') return false
  context.stage.makeDirectory(line.path)
  return setOwner(line.path, line, context, { isNew: before === undefined })
}

function makeFile(line: TmpfilesLine, context: EffectContext): boolean {
  const before = present(line.path, context)
  if (before !== undefined && before.type !== 'file') return false
  const replaced = line.type === 'F' || line.forced
  if (before === undefined || replaced)
    context.stage.put({
      path: line.path,
      type: 'file',
      mode: before?.mode ?? 0o644,
      ...(before === undefined ? {} : { uid: before.uid, gid: before.gid }),
      content: encodeBytes(unescapeArgument(line.argument ?? '')),
    })
  return setOwner(line.path, line, context, { isNew: before === undefined })
}

function makeLink({ path, argument, forced }: TmpfilesLine, { stage }: EffectContext): boolean {
  if (stage.get(stage.canonical(path)) && !forced) return false
  const target = argument ?? `/usr/share/factory${path}`
  // A link whose target no kept package brings would only dangle.
  if (target.startsWith('/usr/') && !stage.resolve(target)) return false
  stage.put({ path, type: 'symlink', mode: 0o777, target })
  return true
}

/** `C`: a file or folder as it is, unless something is there. */
function copyTree(line: TmpfilesLine, context: EffectContext): boolean {
  const { stage } = context
  const from = stage.realPath(line.argument ?? `/usr/share/factory${line.path}`)
  if (from === undefined || present(line.path, context) !== undefined) return false
  for (const path of below(from, stage)) {
    const node = stage.get(path)
    const content = node?.type === 'file' ? stage.content(path) : undefined
    if (node === undefined || (node.type === 'file' && content === undefined)) continue
    const { type, mode, uid, gid, target } = node
    stage.put({
      path: `${line.path}${path.slice(from.length)}`,
      type,
      mode,
      uid,
      gid,
      ...(target === undefined ? {} : { target }),
      ...(content === undefined ? {} : { content }),
    })
  }
  return setOwner(line.path, line, context, { isNew: true })
}

/** `w`: over what a file begins with, or behind it. */
function writeInto(path: string, { argument = '', forced }: TmpfilesLine, { stage }: EffectContext): boolean {
  const at = stage.realPath(path)
  const node = at === undefined ? undefined : stage.get(at)
  const content = at === undefined ? undefined : stage.content(at)
  if (at === undefined || node?.type !== 'file' || content === undefined) return false
  const before = decodeBytes(content)
  const text = unescapeArgument(argument)
  const { mode, uid, gid } = node
  const after = forced ? before + text : text + before.slice(text.length)
  stage.put({ path: at, type: 'file', mode, uid, gid, content: encodeBytes(after) })
  return true
}

function setOwner(
  path: string,
  { mode, user, group }: Pick<TmpfilesLine, 'mode' | 'user' | 'group'>,
  { stage, accounts }: EffectContext,
  { isNew }: { readonly isNew: boolean } = { isNew: false },
): boolean {
  const at = stage.canonical(path)
  const before = stage.get(at)
  // Links have no rights of their own.
  if (before === undefined || before.type === 'symlink') return false
  const counts = (what: { readonly onlyNew: boolean } | undefined) =>
    what !== undefined && (isNew || !what.onlyNew)
  const uid = counts(user) ? idOf(user, (name) => accounts.findUser(name)?.uid) : undefined
  const gid = counts(group) ? idOf(group, (name) => accounts.findGroup(name)?.gid) : undefined
  const bits =
    mode !== undefined && counts(mode) ? (mode.masked ? masked(mode.bits, before) : mode.bits) : undefined
  stage.setAttributes(at, {
    ...(bits === undefined ? {} : { mode: bits }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  return true
}

/** No right of a kind that nobody has. */
function masked(bits: number, { mode, type }: EffectNode): number {
  let kept = type === 'directory' ? bits : bits & 0o777
  for (const kind of [0o111, 0o222, 0o444]) if ((mode & kind) === 0) kept &= ~kind
  return kept
}

function idOf(owner: Owner | undefined, find: (name: string) => number | undefined): number | undefined {
  if (owner === undefined) return undefined
  return /^\d{1,9}$/.test(owner.name) ? Number(owner.name) : find(owner.name)
}
