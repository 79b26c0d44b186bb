import type { PackageRequest } from '../../model/package/package.ts'

/** Names follow Debian policy 5.6.1, and have underscores besides (apk-package(5)). */
export const packagePattern =
  /^(?:!([a-z0-9][a-z0-9+._-]+)|([a-z0-9][a-z0-9+._-]+)(?:=([A-Za-z0-9.+~:*?-]+))?(?:@([A-Za-z0-9][A-Za-z0-9+._/-]*))?)$/

/** Reads `name`, `name=glob`, `name@suite`, `name=glob@suite` or `!name`; undefined when it is not one of them. */
export function parsePackageRequest(text: string): PackageRequest | undefined {
  const match = packagePattern.exec(text)
  if (match === null) return undefined
  const [, excluded, name, version, suite] = match
  if (excluded !== undefined) return { name: excluded, excluded: true }
  if (name === undefined) return undefined
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(suite === undefined ? {} : { suite }),
    excluded: false,
  }
}

/** What is probably meant by a package that does not parse; completes an error message. */
export function packageAdvice(text: string): string {
  if (/^!\s*[^=@\s]+[=@]/.test(text)) return '; an excluded package has neither version nor suite'
  if (/[<>~]/.test(text.split('=')[0] ?? '')) return '; pin a version with a pattern: name=1.26.*'
  if (/^[a-z0-9+.-]+:[a-z0-9]+$/.test(text)) return '; the architecture comes from "platforms"'
  if (/\s/.test(text)) return '; write one package on each line'
  if (/[A-Z]/.test(text.split(/[=@]/)[0] ?? '')) return '; package names are in lower case'
  return ''
}
