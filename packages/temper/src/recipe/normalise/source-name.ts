import { show } from '../document/problem.ts'

export function isAddress(source: string): boolean {
  return source.startsWith('https://')
}

/** A commit of a repository: what a recipe gets is the tree that the commit names. */
export interface GitSource {
  /** An http or https address, or a folder beside the recipe. */
  readonly repository: string
  /** The full id of the commit. */
  readonly commit: string
}

/** The text that names a commit as the source of a file: "git+https://git.example/app.git#COMMIT". */
export function gitSourceName({ repository, commit }: GitSource): string {
  return `git+${repository}#${commit}`
}

/** The commit that a source names; undefined when it is something else. */
export function parseGitSource(source: string): GitSource | undefined {
  const [, repository, commit] = /^git\+([^#]+)#([0-9a-f]{40}|[0-9a-f]{64})$/.exec(source) ?? []
  return repository === undefined || commit === undefined ? undefined : { repository, commit }
}

/** The commit that a source names when its repository is a folder beside the recipe, which nobody else has. */
export function parseOwnGitSource(source: string): GitSource | undefined {
  const commit = parseGitSource(source)
  if (commit === undefined || /^https?:\/\//.test(commit.repository)) return undefined
  return checkRepository(commit.repository) === undefined ? commit : undefined
}

/** Whether a source lies beside the recipe, in its folder. */
export function isBeside(source: string): boolean {
  return !isAddress(source) && parseGitSource(source) === undefined
}

/** What is wrong with the repository of a commit; undefined when it is fine. */
export function checkRepository(repository: string): string | undefined {
  if (repository.includes('#')) return `expected a repository, found ${show(repository)}`
  if (!/^https?:\/\//.test(repository)) return checkSource(repository)
  return URL.canParse(repository)
    ? checkSource(repository.replace(/^http:/, 'https:'))
    : `expected an address of http or https, found ${show(repository)}`
}

/**
 * What is wrong with a source (a file beside the recipe, or an https address); undefined when nothing is.
 * A file is named relative to the recipe's folder and stays in it, so that a recipe reads nothing else of
 * the machine that builds it.
 */
export function checkSource(source: string): string | undefined {
  if (isAddress(source)) {
    if (!URL.canParse(source)) return `expected an https address, found ${show(source)}`
    const url = new URL(source)
    if (url.username !== '' || url.password !== '') return 'credentials do not belong in a recipe'
    return undefined
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return `expected an https address, found ${show(source)}`
  if (source === '' || source.includes('\0')) return `expected a file name, found ${show(source)}`
  if (source.startsWith('/') || source.startsWith('~') || source.includes('\\'))
    return `expected a file in the recipe's folder, named relative to it, found ${show(source)}`
  if (source.split('/').some((part) => part === '..'))
    return `files of a recipe lie in its folder or below; ".." leaves it: ${show(source)}`
  return undefined
}
