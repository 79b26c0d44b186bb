import type { AppLanguage } from './language.ts'

/** Where programs of packages are, by language, and how each is started there. */
const programs: Readonly<Partial<Record<AppLanguage, (name: string) => readonly string[]>>> = {
  python: (name) => [`/usr/local/bin/${name}`],
  node: (name) => ['/usr/bin/node', `/app/node_modules/.bin/${name}`],
}

/** What runs a language: as it is called elsewhere, and where it is here. */
const interpreters: Readonly<Partial<Record<AppLanguage, { readonly name: RegExp; readonly path: string }>>> =
  {
    python: { name: /^python(?:3(?:\.\d+)?)?$/, path: '/usr/bin/python3' },
    node: { name: /^node(?:js)?$/, path: '/usr/bin/node' },
    ruby: { name: /^ruby$/, path: '/usr/bin/ruby' },
  }

/** What starts others, and is needed by nobody who starts one program. */
const wrappers = /^(?:(?:.*\/)?(?:tini|dumb-init)|--|poetry|pipenv|uv|run|bundle|exec)$/

/** Package managers, whose scripts package.json tells, and scripts of a shell. */
const notPrograms = /^(?:npm|npx|pnpm|yarn|bun|bash|sh|make|nginx|apache2?.*|supervisord|.*\.sh)$/

/**
 * The command of a Dockerfile as an image of ours starts it, where files that lay in its working folder are in /app. Undefined for
 * what only a shell or a package manager does.
 */
export function startOf(
  command: readonly string[],
  { language, workDir = '/' }: { readonly language: AppLanguage; readonly workDir?: string | undefined },
): readonly string[] | undefined {
  const at = command.findIndex((word) => !wrappers.test(word))
  const [first = '', ...rest] = command.slice(Math.max(0, at)).map((word) => moved(word, workDir))
  const name = first.split('/').at(-1) ?? ''
  if (first === '' || notPrograms.test(name)) return undefined
  const interpreter = interpreters[language]
  if (interpreter?.name.test(name) === true) return [interpreter.path, ...rest]
  const ofLanguage = programs[language]
  if (ofLanguage === undefined || first.startsWith('/app/') || first.startsWith('.')) return undefined
  return /^[\w.@-]+$/.test(name) ? [...ofLanguage(name), ...rest] : undefined
}

/** The file that is started by the words of an entry point, below /app. */
export function mainOf(words: readonly string[] | undefined): string | undefined {
  const [program = '', ...rest] = words ?? []
  const file = /^\/usr\/bin\/(?:python3|node|ruby)$/.test(program)
    ? rest.find((word) => !word.startsWith('-'))
    : undefined
  const isModule = rest[0] === '-m' || rest[0] === '-c'
  const name = file?.replace(/^(?:\/app\/|\.\/)/, '')
  return name !== undefined &&
    !isModule &&
    /^[\w@-][\w@.-]*(?:\/[\w@-][\w@.-]*)*$/.test(name) &&
    !name.startsWith('node_modules/')
    ? name
    : undefined
}

function moved(word: string, workDir: string): string {
  if (workDir === '/' || workDir === '/app') return word
  return word === workDir || word.startsWith(`${workDir}/`) ? `/app${word.slice(workDir.length)}` : word
}
