/**
 * Vars of those that somebody gave which a recipe's text speaks of: no other value can be in what is made of it. Where
 * files are filled in, all of them: the files may speak of any.
 */
export function usedVars(
  text: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (/\btemplate\b/.test(text)) return given
  const names = new Set([...text.matchAll(/\$\{\{\s*vars\.([^{}\s]+)\s*\}\}/g)].map(([, name]) => name))
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)))
}

const secretWords =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|auth|(?:api|access|private|signing|encryption)[^a-z]?key)s?(?![a-z])/

/** Whether a value of this name is meant to stay secret, as far as names tell: "API_TOKEN", "dbPassword". */
export function looksSecret(name: string): boolean {
  return secretWords.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase())
}
