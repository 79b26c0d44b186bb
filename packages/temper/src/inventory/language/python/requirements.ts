import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact, packageLimit, versionUnknown } from '../fact.ts'

/** One line: a name, perhaps with extras, pinned by "==" or "===" to one version; then markers, hashes, a comment. */
const pinned =
  /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*={2,3}\s*([^\s;,#\\*)]+)\s*\)?\s*(?:[;#\\]|--|$)/

/** One that names a package, whatever it says of versions: no option, path or address. */
const named = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@#,(]|$)/

const longestLine = 5000

/** Lines, those that end in a backslash with the next; a comment does not go on, and of long ones the beginning says all. */
function joinedLines(text: string): string[] {
  const lines: string[] = []
  let open = ''
  for (const whole of text.split('\n')) {
    const line = whole.slice(0, longestLine).trimEnd()
    const goesOn = line.endsWith('\\') && !/^\s*#/.test(line)
    open = `${open}${goesOn ? line.slice(0, -1) : line}`.slice(0, longestLine)
    if (goesOn) continue
    lines.push(open.trim())
    open = ''
  }
  return [...lines, open.trim()]
}

/** Requirements by whatever name: `requirements-prod.txt`, `requirements/base.txt`, Rye's `requirements.lock`. */
export const requirementsFile =
  /(?:^|\/)(?:(?:[^/]*requirements[^/]*|requirements\/[^/]+)\.txt|requirements[\w-]*\.lock)$/

/** By its name, a file of what only development needs: `requirements-dev.txt`, `test-requirements.txt`, `requirements/docs.txt`. */
const forDevelopment =
  /(?:^|[-_./])(?:dev|devel|develop|development|tests?|testing|docs?|lint|linting|style|typing|mypy|ci|bench|benchmarks?)(?=[-_.][^/]*$)/

function isForDevelopment(path: string): boolean {
  return forDevelopment.test(path.slice(path.lastIndexOf('/') + 1))
}

/** "system-requirements.txt" may be text for people: more lines of words than of anything that pip reads. */
function isProse(lines: readonly string[]): boolean {
  const words = lines.filter((line) => /^\p{L}[\p{L}\p{N}'-]*,?\s+\p{L}/u.test(line) && !named.test(line))
  return words.length > lines.filter((line) => named.test(line)).length
}

/** Requirements of pip: what is pinned to one version; ranges do not say what is installed, which a note says. */
export function readRequirements(file: FileContent): LanguageFact | undefined {
  const unpinned: string[] = []
  const lines = joinedLines(decodeText(file.bytes))
  if (isProse(lines)) return undefined
  const facts = lines.map((line) => {
    const match = pinned.exec(line)
    if (match !== null) return packageFact(match[1], match[2])
    const name = named.exec(line)?.[1]
    if (name !== undefined && unpinned.length < packageLimit) unpinned.push(name)
    return undefined
  })
  const packages = distinct(facts)
  if (isForDevelopment(file.path))
    return packages.length === 0 ? undefined : { kind: 'lock', packages: [], development: packages.length }
  if (unpinned.length === 0) return packages.length === 0 ? undefined : { kind: 'lock', packages }
  const some = unpinned.slice(0, 3).join(', ') + (unpinned.length > 3 ? ', …' : '')
  const message = `${unpinned.length} of the requirements name no single version (${some}): they were compared with nothing`
  return { kind: 'lock', packages, unpinned, notes: [{ code: versionUnknown, message }] }
}
