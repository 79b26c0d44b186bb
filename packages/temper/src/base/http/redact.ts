/** Query parameters that never carry a secret and help to understand a request. */
const harmless = new Set(['digest', 'mount', 'from', 'n', 'last', 'scope', 'service', 'artifactType'])

/**
 * An address in a form that is safe to show: without user, password and fragment, and with the values of query
 * parameters hidden unless they are known to be harmless (signed download addresses carry secrets there).
 */
export function redactUrl(address: string | URL): string {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return redactText(String(address))
  }
  const shown =
    url.username || url.password ? `${url.protocol}//***@${url.host}` : `${url.protocol}//${url.host}`
  const query = [...url.searchParams]
    .map(([name, value]) => (harmless.has(name) ? `${name}=${value}` : value ? `${name}=***` : '***'))
    .join('&')
  return shown + url.pathname + (query ? `?${query}` : '')
}

/*
 * Schemes have an end here, so that a long word takes no time that grows with its square. Of a longer one the end is taken. An address that
 * was taken for a path has one slash left.
 */

/** Who is named in an address: "https://user:password@host", and "//token@host". */
const userOfAddress = /((?:[a-z][a-z0-9+.-]{0,40}:\/\/|\b(?:https?|s?ftps?|ssh|git):\/))[^\s/?#]*@/gi

/**
 * An address whose colon is followed by no port: a password, which may have any character in it where people do not encode
 * it, and whose "@" may have been cut off.
 */
const passwordOfAddress =
  /((?:[a-z][a-z0-9+.-]{0,40}:\/\/|\b(?:https?|s?ftps?|ssh|git):\/))[^\s/?#@:[\]"'`]+:(?!\d{1,5}(?:[/?#…"'`\s),;:.]|$))[^\s"'`]*/gi

function redactAddresses(text: string, mask: (hidden: string) => string): string {
  return text
    .replace(passwordOfAddress, (all: string, scheme: string) => {
      const end = all.lastIndexOf('@')
      const hidden = all.slice(scheme.length, end < 0 ? undefined : end)
      return `${scheme}${mask(hidden)}${end < 0 ? '' : all.slice(end)}`
    })
    .replace(userOfAddress, (all, scheme: string) => `${scheme}${mask(all.slice(scheme.length, -1))}@`)
}

/** Where a host or the first part of a reference stands behind an "@". */
const hostBehind =
  /@(?=[a-z[][a-z0-9.:[\]-]*\/|(?:[a-z0-9-][a-z0-9.-]*\.[a-z]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?(?:["'`\s/),…]|$))/gi

/** What may be user, password and host without a scheme, as in a reference: "user:password@registry.example/x". */
const word = /[^\s/"'`]+/g

/**
 * Hides user and password of references. The last "@" with a host behind it ends them, and a word that a colon ends begins them.
 * One pattern for all of this would take time that grows with the square of a text.
 */
function redactReferences(text: string, mask: (hidden: string) => string): string {
  const hosts = new Set([...text.matchAll(hostBehind)].map(({ index }) => index))
  if (hosts.size === 0) return text
  return text.replace(word, (all: string, start: number) => {
    let end = all.length
    do end = all.lastIndexOf('@', end - 1)
    while (end > 0 && !hosts.has(start + end))
    if (end <= 0) return all
    // Behind a slash a word is a part of a path.
    const users = text[start - 1] === '/' ? /[(=,][^@:(=,]+:/ : /(?:^|[(=,])[^@:(=,]+:/
    const user = users.exec(all.slice(0, end - 1))
    if (user === null) return all
    const begin = user.index + (/^[(=,]/.test(user[0]) ? 1 : 0)
    return `${all.slice(0, begin)}${mask(all.slice(begin, end))}${all.slice(end)}`
  })
}

/**
 * Hides user and password in every address and reference that occurs in a text. `mask` is given what is hidden and
 * returns what to put in its place.
 */
export function redactText(text: string, mask: (hidden: string) => string = () => '***'): string {
  return redactReferences(text.includes(':/') ? redactAddresses(text, mask) : text, mask)
}

/**
 * The same for a text that should be a reference or the host of a registry, where any "@" other than that of a digest
 * ends a user name.
 */
export function redactReference(text: string): string {
  const [digest = ''] = /@sha(?:256|384|512):[^@/]*$/.exec(text) ?? []
  const end = text.lastIndexOf('@', text.length - digest.length - 1)
  return end < 0 ? redactText(text) : `***${text.slice(end)}`
}

/** The same for all texts in a value of plain JSON. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactValue(inner)]))
}
