import { defaultPath } from '../../formats/interpreter.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { InheritedSetting, Recipe } from '../../model/recipe.ts'

/** The recipe, with the settings of its base where it has none, as with `FROM` in a Dockerfile. */
export function settingsOver(recipe: Recipe, { config = {} }: ImageConfig): Recipe {
  const inherits = (setting: InheritedSetting) => recipe.base?.inherits.includes(setting) === true
  const own = recipe.entrypoint.length > 0
  const { Entrypoint = [], Cmd = [], WorkingDir, StopSignal } = config
  return {
    ...recipe,
    accounts: inherits('run-as') ? { ...recipe.accounts, runAs: userOf(config.User) } : recipe.accounts,
    environment: { PATH: defaultPath.join(':'), ...variablesOf(config.Env ?? []), ...recipe.environment },
    entrypoint: own ? recipe.entrypoint : Entrypoint,
    // Arguments of another program mean nothing to this one.
    cmd: own || recipe.cmd.length > 0 ? recipe.cmd : Cmd,
    workDir: inherits('work-dir') && WorkingDir?.startsWith('/') ? WorkingDir : recipe.workDir,
    stopSignal: inherits('stop-signal') && StopSignal ? StopSignal : recipe.stopSignal,
    volumes: union(Object.keys(config.Volumes ?? {}), recipe.volumes),
    ports: union(Object.keys(config.ExposedPorts ?? {}).map(withProtocol), recipe.ports),
  }
}

/** What runs as root in the base runs as nonroot here, unless the recipe says otherwise. */
function userOf(user = ''): string {
  const name = user.split(':')[0] ?? ''
  return name === '' || name === 'root' || Number(name) === 0 ? 'nonroot' : name
}

function variablesOf(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

function union(base: readonly string[], own: readonly string[]): readonly string[] {
  return [...new Set([...base, ...own])]
}

function withProtocol(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`
}
