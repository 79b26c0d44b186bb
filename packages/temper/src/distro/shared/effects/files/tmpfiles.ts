import type { CommandResult } from '../../scripts/world.ts'
import { parseMode } from '../command-line.ts'
import type { Effect, EffectContext } from '../effect.ts'
import { configurationFiles, splitLine } from './configuration-lines.ts'

const done: CommandResult = { status: 0, output: '' }
const roots = /^\/(?:var|run|etc|usr|srv|opt|home|root)\//

/** Folders, files and links that packages declare in tmpfiles.d(5). */
export const tmpfiles: Effect = {
  id: 'tmpfiles',
  title: 'Folders, files and links of tmpfiles.d',
  why: 'Services expect their run, state and cache folders, which an init system would make at boot.',
  source: 'tmpfiles.d(5); debhelper dh_installtmpfiles(1)',
  start(context) {
    return {
      commands: { 'systemd-tmpfiles': () => done },
      finish: () => {
        let count = 0
        for (const { text } of configurationFiles(context, 'tmpfiles.d')) {
          for (const line of text.split('\n')) if (applyLine(splitLine(line), context)) count++
        }
        if (count > 0) context.note('tmpfiles', `${count} lines`)
      },
    }
  },
}

function applyLine(fields: readonly string[], context: EffectContext): boolean {
  const [type = '', path, mode = '-', user = '-', group = '-', , ...rest] = fields
  const kind = type.replace(/[!+=~^$-]+/g, '')
  const forced = type.includes('+')
  // Lines for boot only (`!`) are about a running system; `%` specifiers name things of the host.
  if (path === undefined || type.includes('!') || path.includes('%') || !roots.test(path)) return false
  const { stage } = context
  const argument = rest.join(' ')
  if (kind === 'd' || kind === 'D' || kind === 'e' || kind === 'v' || kind === 'q' || kind === 'Q') {
    const present = stage.resolve(path)
    if (kind === 'e' && !present) return false
    stage.makeDirectory(path)
    return setOwner({ path, mode: mode === '-' && !present ? '755' : mode, user, group }, context)
  }
  if (kind === 'f' || kind === 'F') {
    if (stage.resolve(path) && kind === 'f' && !forced) return false
    stage.put({
      path,
      type: 'file',
      mode: 0o644,
      content: new TextEncoder().encode(argument === '-' ? '' : argument),
    })
    return setOwner({ path, mode, user, group }, context)
  }
  if (kind === 'L') {
    if (stage.get(stage.canonical(path)) && !forced) return false
    const factory = `/usr/share/factory${path}`
    const target = argument === '' || argument === '-' ? factory : argument
    // A link whose target no kept package brings would only dangle.
    if (target.includes('%') || (target.startsWith('/usr/') && !stage.resolve(target))) return false
    stage.put({ path, type: 'symlink', mode: 0o777, target })
    return true
  }
  return (kind === 'z' || kind === 'Z') && setOwner({ path, mode, user, group }, context)
}

function setOwner(
  request: { readonly path: string; readonly mode: string; readonly user: string; readonly group: string },
  { stage, accounts }: EffectContext,
): boolean {
  const at = stage.realPath(request.path)
  const before = at === undefined ? undefined : stage.get(at)
  if (at === undefined || !before) return false
  const mode = parseMode(request.mode.replace(/^[~:]+/, ''), before.mode)
  const uid = idOf(request.user, (name) => accounts.findUser(name)?.uid)
  const gid = idOf(request.group, (name) => accounts.findGroup(name)?.gid)
  stage.setAttributes(at, {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  return true
}

function idOf(text: string, find: (name: string) => number | undefined): number | undefined {
  const name = text.replace(/^:/, '')
  if (name === '-') return undefined
  return /^\d{1,9}$/.test(name) ? Number(name) : find(name)
}
