import { show } from '../document/problem.ts'

export function isAddress(source: string): boolean {
  return source.startsWith('https://')
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
