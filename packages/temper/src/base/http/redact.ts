/** Query parameters that never carry a secret and help to understand a request. */
const harmless = new Set(['digest', 'mount', 'from', 'n', 'last', 'scope', 'service', 'artifactType'])

/**
 * An address as it may be shown: without user, password and fragment, and with the values of query
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

/** Hides the user and password of every address that occurs in a text. */
export function redactText(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/gi, '$1***@')
}
