/**
 * The given vars that a recipe's text uses: no other value can be in what is made from it. Where files are filled in,
 * all of them count, since the files may use any.
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

/** Whether a value of this name is meant to stay secret, as far as the name tells: "API_TOKEN", "dbPassword". */
export function looksSecret(name: string): boolean {
  return secretWords.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase())
}
