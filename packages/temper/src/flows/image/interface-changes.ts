import type { ImageInterface } from './interface.ts'

/** A change that users of the older image have to know about. */
export interface InterfaceChange {
  /** Which part of the interface: "user", "command", "soname"… */
  readonly part: string
  /** What has changed, as one phrase. */
  readonly what: string
  /** Whether something that worked with the older image may no longer work. */
  readonly breaks: boolean
}

/** What has changed in a newer image for the same platform: removals break users, additions do not. */
export function compareInterfaces(old: ImageInterface, young: ImageInterface): readonly InterfaceChange[] {
  return [
    ...single('user', old.user || 'root', young.user || 'root'),
    ...single('entrypoint', JSON.stringify(old.entrypoint), JSON.stringify(young.entrypoint)),
    ...single('cmd', JSON.stringify(old.cmd), JSON.stringify(young.cmd)),
    ...single('workdir', old.workdir || '/', young.workdir || '/'),
    ...single('stop signal', old.stopSignal || 'SIGTERM', young.stopSignal || 'SIGTERM'),
    ...several('port', old.ports, young.ports),
    ...several('volume', old.volumes, young.volumes),
    ...several('command', old.commands, young.commands),
    ...several('soname', old.sonames, young.sonames),
    ...writable(old.writable, young.writable),
    ...environment(old.environment, young.environment),
  ]
}

function single(part: string, old: string, young: string): readonly InterfaceChange[] {
  return old === young ? [] : [{ part, what: `${part} is ${young}, was ${old}`, breaks: true }]
}

function several(part: string, old: readonly string[], young: readonly string[]): readonly InterfaceChange[] {
  const [before, after] = [new Set(old), new Set(young)]
  return [
    ...old.filter((each) => !after.has(each)).map((each) => gone(part, each)),
    ...young.filter((each) => !before.has(each)).map((each) => added(part, each)),
  ]
}

const gone = (part: string, each: string) => ({ part, what: `${part} ${each} is gone`, breaks: true })
const added = (part: string, each: string) => ({ part, what: `${part} ${each} is new`, breaks: false })

/** A folder that is writable covers what is in it. */
function writable(old: readonly string[], young: readonly string[]): readonly InterfaceChange[] {
  const part = 'writable path'
  return [
    ...old.filter((each) => !covered(each, young)).map((each) => gone(part, each)),
    ...young.filter((each) => !covered(each, old)).map((each) => added(part, each)),
  ]
}

function covered(path: string, by: readonly string[]): boolean {
  return by.some((each) => each === '/' || path === each || path.startsWith(`${each}/`))
}

function environment(
  old: ImageInterface['environment'],
  young: ImageInterface['environment'],
): readonly InterfaceChange[] {
  const part = 'environment'
  return [...new Set([...Object.keys(old), ...Object.keys(young)])].sort().flatMap((name) => {
    const [before, after] = [old[name], young[name]]
    if (before === after) return []
    if (after === undefined) return [gone(part, name)]
    if (before === undefined) return [added(part, name)]
    // Versions in variables change with each release: only a path that leads to less takes something away.
    const folders = new Set(after.split(':'))
    const lost = name === 'PATH' && before.split(':').some((each) => !folders.has(each))
    return [{ part, what: `${name} is ${after.slice(0, 200)}, was ${before.slice(0, 200)}`, breaks: lost }]
  })
}
