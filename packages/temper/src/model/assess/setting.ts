/** What a rule can be about other than files: a part of an image's configuration, or of how it was made. */
export const settings = [
  'user',
  'entrypoint',
  'cmd',
  'environment',
  'port',
  'volume',
  'stop-signal',
  'working-directory',
  'health-check',
  'label',
  'trigger',
  'build-argument',
  'base',
  'history',
] as const
export type Setting = (typeof settings)[number]

/** A setting of which there can be several: the variable PATH, the port 80/tcp, the third entry of the history. */
export interface NamedSetting {
  readonly setting: Setting
  readonly name?: string
}

/** What findings call a setting; where there are several of a kind, the name of one follows. */
const called =
  /^(?:image configuration: )?(ENV|LABEL|CMD|ENTRYPOINT|port|VOLUME|ARG|history entry)(?: (.+))?$/s

const calledSettings: ReadonlyMap<string, Setting> = new Map([
  ['ENV', 'environment'],
  ['LABEL', 'label'],
  ['CMD', 'cmd'],
  ['ENTRYPOINT', 'entrypoint'],
  ['port', 'port'],
  ['VOLUME', 'volume'],
  ['ARG', 'build-argument'],
  ['history entry', 'history'],
])

/** The exact setting that a finding is about, from the finding's name for what breaks the rule. */
export function namedSetting(setting: Setting, subject: string): NamedSetting {
  const [, word = '', name] = called.exec(subject) ?? []
  const own = calledSettings.get(word)
  if (own !== undefined) return { setting: own, ...(name === undefined ? {} : { name }) }
  return setting === 'label' ? { setting, name: subject } : { setting }
}

/** The Dockerfile instruction for each setting (Dockerfile reference). */
export const instructionOf: Readonly<Record<Exclude<Setting, 'history'>, string>> = {
  user: 'USER',
  entrypoint: 'ENTRYPOINT',
  cmd: 'CMD',
  environment: 'ENV',
  port: 'EXPOSE',
  volume: 'VOLUME',
  'stop-signal': 'STOPSIGNAL',
  'working-directory': 'WORKDIR',
  'health-check': 'HEALTHCHECK',
  label: 'LABEL',
  trigger: 'ONBUILD',
  'build-argument': 'ARG',
  base: 'FROM',
}
