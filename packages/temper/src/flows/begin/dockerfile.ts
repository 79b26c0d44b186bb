import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { parseJson } from '../../base/json/parse.ts'
import { itemsOf, textOf } from '../../base/json/value.ts'
import {
  type DockerfileInstruction,
  type DockerfileStage,
  dockerfileInstructions,
  dockerfileStages,
} from '../../formats/dockerfile/instructions.ts'
import { commandsOf, filled, setVariables, wordsOf } from '../../formats/dockerfile/words.ts'

/** What a Dockerfile says of the image that it makes, as far as a recipe has the same. */
export interface DockerfileStart {
  readonly file: string
  /** Images that its stages begin with, the last stage's first. */
  readonly bases: readonly string[]
  /** "8080", "53/udp". */
  readonly ports: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Packages that the last stage installs by apt, without tools of building. */
  readonly packages: readonly string[]
  /** Where it works: an absolute path. */
  readonly workDir?: string
  /** Words of the program that is started and of its arguments; empty when it names none. */
  readonly command: readonly string[]
  /** What was not taken over, each as one line of text. */
  readonly left: readonly string[]
}

/** The first that a folder has. */
const names = ['Dockerfile', 'Containerfile', 'docker/Dockerfile']

/** Bytes of one that is read. */
const largest = 1024 * 1024

/** Reads the Dockerfile in a folder; undefined when there is none. Nothing of it is run. */
export async function readDockerfile(folder: string): Promise<DockerfileStart | undefined> {
  for (const file of names) {
    const bytes = await readFileIfExists(join(folder, file)).catch(() => undefined)
    if (bytes === undefined || bytes.length > largest) continue
    const start = dockerfileStart(file, Buffer.from(bytes).toString('utf8'))
    if (start !== undefined) return start
  }
  return undefined
}

/** What the last stage of a Dockerfile says, with what the stages that it begins with say before. */
export function dockerfileStart(file: string, text: string): DockerfileStart | undefined {
  const stages = dockerfileStages(text)
  const last = stages.at(-1)
  if (last === undefined) return undefined
  const variables = new Map<string, string>()
  for (const { keyword, text: body } of dockerfileInstructions(text)) {
    if (keyword === 'FROM') break
    if (keyword === 'ARG') setVariables(body, variables)
  }
  const bases = stages.map(({ from }) => filled(from, variables)).reverse()
  const seen: Seen = { variables, environment: new Map(), ports: [], packages: [], left: [], file }
  for (const stage of lineage(last, stages))
    for (const instruction of stage.instructions) instruct(instruction, seen)
  const { environment, ports, packages, left, workDir, entrypoint = [], cmd = [] } = seen
  return {
    file,
    bases,
    ports: [...new Set(ports)],
    environment: Object.fromEntries(environment),
    packages: [...new Set(packages)],
    ...(workDir === undefined ? {} : { workDir }),
    command: [...entrypoint, ...cmd],
    left,
  }
}

interface Seen {
  readonly file: string
  readonly variables: Map<string, string>
  readonly environment: Map<string, string>
  readonly ports: string[]
  readonly packages: string[]
  readonly left: string[]
  workDir?: string
  entrypoint?: readonly string[]
  cmd?: readonly string[]
}

/** Stages that are named by FROM are part of the one that does, the first first. */
function lineage(last: DockerfileStage, stages: readonly DockerfileStage[]): readonly DockerfileStage[] {
  const line = [last]
  for (let from = last.from.toLowerCase(); line.length <= stages.length; ) {
    const at = stages.indexOf(line[0] ?? last)
    const before = stages.slice(0, at).findLast(({ name }) => name === from)
    if (before === undefined) break
    line.unshift(before)
    from = before.from.toLowerCase()
  }
  return line
}

function instruct({ keyword, text, line }: DockerfileInstruction, seen: Seen): void {
  const { variables } = seen
  const skip = (why: string) => seen.left.push(`line ${line} of ${seen.file}: ${why}`)
  if (keyword === 'ARG') setVariables(text, variables)
  else if (keyword === 'ENV') setEnvironment(text, seen)
  else if (keyword === 'EXPOSE')
    seen.ports.push(
      ...filled(text, variables)
        .split(/\s+/)
        .filter((port) => /^\d{1,5}(?:\/(?:tcp|udp))?$/.test(port)),
    )
  else if (keyword === 'WORKDIR') {
    const path = filled(text, variables).trim()
    if (/^\/[\w./-]*$/.test(path)) seen.workDir = path.replace(/(?<=.)\/+$/, '')
  } else if (keyword === 'ENTRYPOINT') {
    const words = commandWords(text)
    seen.entrypoint = words ?? []
    // What was to be its arguments is none of the next one.
    delete seen.cmd
    if (words === undefined) skip(`ENTRYPOINT ${short(text)} needs a shell`)
  } else if (keyword === 'CMD') {
    const words = commandWords(text)
    seen.cmd = words ?? []
    if (words === undefined) skip(`CMD ${short(text)} needs a shell`)
  } else if (keyword === 'RUN')
    for (const command of commandsOf(text))
      install(
        command.map((word) => filled(word, variables)),
        seen,
      )
}

function short(text: string): string {
  return JSON.stringify(text.replace(/\s+/g, ' ').slice(0, 80))
}

/** Settings of tools that build, and what images of Temper set by themselves. */
const ofTools =
  /^(?:PATH|HOME|LANG|LC_ALL|TZ_?DEBIAN|DEBIAN_FRONTEND|(?:PIP|POETRY|UV|PIPENV|NPM_CONFIG|npm_config|COREPACK|CARGO|COMPOSER|APACHE|NGINX|BUNDLE|GEM)_\w+|PNPM_HOME|CGO_ENABLED|GO(?:OS|ARCH|PATH|PROXY|FLAGS)|RUSTFLAGS|RUSTUP_\w+|VIRTUAL_ENV|NODE_ENV|NODE_VERSION|PYTHON(?:UNBUFFERED|DONTWRITEBYTECODE|_VERSION|FAULTHANDLER|HASHSEED))$/

function setEnvironment(text: string, { variables, environment }: Seen): void {
  const [, old, value] = /^(\w+)\s+([^=]+)$/.exec(text.trim()) ?? []
  const pairs = old === undefined || value === undefined ? wordsOf(text) : [`${old}=${value.trim()}`]
  for (const pair of pairs) {
    const [, name, set] = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair) ?? []
    if (name === undefined || set === undefined) continue
    const whole = filled(set, variables)
    variables.set(name, whole)
    if (!ofTools.test(name) && !/[$\0\n]/.test(whole)) environment.set(name, whole)
  }
}

/** `["node", "a.js"]`, or words that mean the same without a shell; undefined where only a shell understands them. */
function commandWords(text: string): readonly string[] | undefined {
  const said = text.trim()
  if (said.startsWith('[')) {
    try {
      const all = itemsOf(
        parseJson(said, { where: 'a command', depth: 8, refuse: () => new SyntaxError('no list') }),
      )
      const words = all.flatMap((word) => textOf(word) ?? [])
      const shell = /^(?:\/bin\/)?(?:ba|da)?sh$/.test(words[0] ?? '') && words[1] === '-c'
      if (shell && words.length === 3) return commandWords(words[2] ?? '')
      return words.length === all.length && !words.some((word) => word.includes('\0')) ? words : undefined
    } catch {
      return undefined
    }
  }
  const plain = said.replace(/^exec\s+/, '')
  return plain === '' || /[$&|;<>`()*?\\\n]/.test(plain) || /^\w+=/.test(plain) ? undefined : wordsOf(plain)
}

/** Packages that build, that a person uses, or that every image of a language has. */
const tools =
  /-dev$|^(?:gcc|g\+\+|make|cmake|build-essential|pkg-config|pkgconf|curl|wget|git|gnupg2?|apt-.*|lsb-release|software-properties-common|bash|tini|dumb-init|gosu|sudo|vim|nano|less|procps|net-tools|iputils-ping|netcat.*|unzip|zip|xz-utils|rsync|ssh|openssh-client|ca-certificates|tzdata|locales|python3?(?:-.*)?|node(?:js)?|npm|yarn|composer|cargo|rustc|golang.*|nginx|supervisor|cron)$/

function install(command: readonly string[], { packages, left, file }: Seen): void {
  const [tool = '', ...rest] = command
  const at = rest.findIndex((word) => word === 'install' || word === 'add')
  const verb = rest[at]
  if (at < 0) return
  const named = rest.slice(at + 1).filter((word) => /^[a-z0-9][a-z0-9.+-]*(?:[=:].*)?$/.test(word))
  if (/^(?:apt|apt-get|aptitude)$/.test(tool) && verb === 'install')
    packages.push(...named.map((word) => word.replace(/[=:].*$/, '')).filter((name) => !tools.test(name)))
  else if (tool === 'apk' && verb === 'add') {
    const own = named.map((word) => word.replace(/[=:].*$/, '')).filter((name) => !tools.test(name))
    if (own.length > 0)
      left.push(`${file}: packages of Alpine have other names in Debian: ${own.slice(0, 10).join(', ')}`)
  }
}
