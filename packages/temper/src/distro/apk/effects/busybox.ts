import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
/** Which program each list of what busybox can do is about. */
const lists: Readonly<Record<string, string>> = {
  busybox: '/bin/busybox',
  'busybox-full': '/bin/busybox',
  'busybox-extras': '/bin/busybox-extras',
  bbsuid: '/bin/bbsuid',
}
const listedPath = /^(?:usr\/)?s?bin\/[\w.+[-]{1,64}$/

/** The links by which busybox is called, if it is in the image. */
export const busyboxLinks: Effect = {
  id: 'busybox-links',
  title: 'Links of busybox',
  why: 'One program stands for some three hundred, each by a link of its name.',
  source: 'busybox --install -s; /etc/busybox-paths.d of the package',
  start(context) {
    const commands = Object.fromEntries(
      Object.keys(lists).map((name) => [name, (call: CommandCall) => run(call, context)]),
    )
    return { commands, finish: () => link(context) }
  },
}

/** `--install` is done at the end; folders are made as the script says; other applets are not followed. */
function run({ arguments: words }: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const [applet, ...rest] = words
  if (applet === '--install') return done
  if (applet !== 'mkdir' || rest.includes(undefined)) return undefined
  for (const path of rest) if (path !== undefined && !path.startsWith('-')) stage.makeDirectory(path)
  return done
}

function link({ stage, note }: EffectContext): void {
  for (const [name, target] of Object.entries(lists)) {
    const text = stage.text(`etc/busybox-paths.d/${name}`)
    const program = stage.realPath(target)
    if (text === undefined || program === undefined || stage.get(program) === undefined) continue
    const paths = text
      .split('\n')
      .filter((path) => listedPath.test(path) && !stage.get(stage.canonical(path)))
    for (const path of paths) stage.put({ path, type: 'symlink', mode: 0o777, target: `/${program}` })
    note('busybox-links', `${paths.length} of ${name}`)
  }
}
