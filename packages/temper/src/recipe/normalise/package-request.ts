import type { PackageRequest, Requirement } from '../../model/package/package.ts'

/**
 * Names follow Debian policy 5.6.1, and may also have underscores (apk-package(5)); or they are what apk packages
 * provide: a program, a library by its soname, a pkg-config module or one of a language.
 */
export const packagePattern =
  /^(?:!([a-z0-9][a-z0-9+._-]+)|([a-z0-9][a-z0-9+._-]+|(?:cmd|so|pc|cmake|dbus|py3(?:\.\d+)?):[A-Za-z0-9_[][A-Za-z0-9+._-]*)(?:=([A-Za-z0-9.+~:*?_-]+)|(~|=~|~=|>=?|<=?)([A-Za-z0-9][A-Za-z0-9.+~:_-]*))?(?:@([A-Za-z0-9][A-Za-z0-9+._/-]*))?)$/

const relations: Readonly<Record<string, NonNullable<Requirement['relation']>>> = {
  '~': '~',
  '=~': '~',
  '~=': '~',
  '>': '>>',
  '>=': '>=',
  '<': '<<',
  '<=': '<=',
}

/**
 * Reads `name`, `name=glob`, `name~version`, `name>=version` and its like, each with `@suite` or not, or `!name`;
 * undefined when it is not one of them.
 */
export function parsePackageRequest(text: string): PackageRequest | undefined {
  const match = packagePattern.exec(text)
  if (match === null) return undefined
  const [, excluded, name, glob, operator = '', bound, suite] = match
  if (excluded !== undefined) return { name: excluded, excluded: true }
  const relation = relations[operator]
  // `=~1.2` is a glob of a version by its form, and fuzzy by its meaning.
  const fuzzy = glob?.startsWith('~') ? glob.slice(1) : undefined
  if (name === undefined || fuzzy === '') return undefined
  return {
    name,
    ...(glob === undefined || fuzzy !== undefined ? {} : { version: glob }),
    ...(relation === undefined || bound === undefined ? {} : { range: { relation, version: bound } }),
    ...(fuzzy === undefined ? {} : { range: { relation: '~', version: fuzzy } }),
    ...(suite === undefined ? {} : { suite }),
    excluded: false,
  }
}

/** What is probably meant by a package that does not parse; completes an error message. */
export function packageAdvice(text: string): string {
  if (/^!\s*[^=@\s]+[=@<>~]/.test(text)) return '; an excluded package has neither version nor suite'
  if (/[<>~]/.test(text.split('=')[0] ?? ''))
    return '; a version is written name=1.26.*, name~1.26 or name>=1.26'
  if (/^[a-z0-9+.-]+:[a-z0-9]+$/.test(text)) return '; the architecture comes from "platforms"'
  if (/\s/.test(text)) return '; write one package on each line'
  if (/[A-Z]/.test(text.split(/[=@]/)[0] ?? '')) return '; package names are in lower case'
  return ''
}
