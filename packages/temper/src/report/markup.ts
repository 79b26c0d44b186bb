import { printable } from '../base/printable.ts'

/** Text that is markup already. Only `html` and `joined` make it, so that nothing from outside becomes markup. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | undefined | readonly (Markup | undefined)[]

/** A template whose values are escaped, for content and for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let text = strings[0] ?? ''
  for (const [index, value] of values.entries()) text += partText(value) + (strings[index + 1] ?? '')
  return new Markup(text)
}

function partText(value: Part): string {
  if (value instanceof Markup) return value.text
  if (value === undefined) return ''
  if (typeof value === 'object') return value.map((each) => each?.text ?? '').join('')
  return escapeMarkup(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Escapes text for HTML and XML 1.0; what XML cannot hold (control characters, lone surrogates) is written out. */
export function escapeMarkup(text: string): string {
  return wellFormed(printable(text)).replace(/[&<>"'`]/g, (char) => entities[char] ?? '')
}

/** Without what no XML document may hold: halves of surrogate pairs and the two non-characters. */
function wellFormed(text: string): string {
  return text.toWellFormed().replace(/[\ufffe\uffff]/g, '\ufffd')
}

/** An address to link to: http and https only; undefined for anything else. */
export function safeLink(address: string): string | undefined {
  if (address.length > 2000 || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  return new URL(address).href
}

/** Ids that OSV publishes, by their beginnings (ossf/osv-schema, docs/schema.md, "id, modified fields"). */
const osvIds =
  /^(?:ALBA|ALEA|ALPINE|ALSA|BIT|CGA|CVE|DEBIAN|DLA|DRUPAL|DSA|DTSA|GO|GSD|HSEC|JLSEC|LBSEC|MAL|MGASA|OSEC|OSV|PSF|PYSEC|RHBA|RHEA|RHSA|RLSA|RSEC|RUSTSEC|RXSA|SUSE|UBUNTU|USN|V8)-[A-Za-z0-9.:-]{1,60}$/

/**
 * Where people read about a vulnerability, by the kind of its id; undefined for ids that nobody publishes a page
 * about.
 */
export function homeOf(id: string): string | undefined {
  if (/^CVE-\d{4}-\d{4,12}$/.test(id)) return `https://www.cve.org/CVERecord?id=${id}`
  if (/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/.test(id)) return `https://github.com/advisories/${id}`
  if (osvIds.test(id)) return `https://osv.dev/vulnerability/${id}`
  return undefined
}
