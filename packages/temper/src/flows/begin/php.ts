import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { parseJson } from '../../base/json/parse.ts'
import { memberOf, membersOf } from '../../base/json/value.ts'

/** Debian's package of each extension that is in none of the interpreter's own, by the name that PHP has for it. */
const packages: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'apcu',
      'bcmath',
      'bz2',
      'curl',
      'dba',
      'enchant',
      'gd',
      'gmp',
      'igbinary',
      'imagick',
      'imap',
      'intl',
    ],
    ...[
      'ldap',
      'mbstring',
      'memcached',
      'mongodb',
      'msgpack',
      'odbc',
      'pgsql',
      'pspell',
      'redis',
      'snmp',
      'soap',
    ],
    ...['sqlite3', 'tidy', 'uuid', 'xml', 'xsl', 'yaml', 'zip'],
    ...['mysqli=mysql', 'pdo_mysql=mysql', 'pdo_pgsql=pgsql', 'pdo_sqlite=sqlite3', 'zend-opcache=opcache'],
    ...['opcache=opcache', 'dom=xml', 'simplexml=xml', 'xmlreader=xml', 'xmlwriter=xml'],
  ].map((each) => {
    const [name = '', own = name] = each.split('=')
    return [name, own]
  }),
)

/** Bytes of a composer.json. */
const largest = 1024 * 1024

/** The packages of a release for the extensions that composer.json asks for. */
export async function phpExtensions(folder: string): Promise<readonly string[]> {
  const bytes = await readFileIfExists(join(folder, 'composer.json')).catch(() => undefined)
  if (bytes === undefined || bytes.length > largest) return []
  try {
    const refuse = () => new SyntaxError('no composer.json')
    const manifest = parseJson(Buffer.from(bytes).toString('utf8'), {
      where: 'composer.json',
      depth: 32,
      refuse,
      repeated: 'last',
    })
    const asked = membersOf(memberOf(manifest, 'require')).flatMap(([name]) => {
      const extension = /^ext-(.+)$/.exec(name.toLowerCase())?.[1]
      return (extension !== undefined && packages.get(extension)) || []
    })
    return [...new Set(asked)].sort()
  } catch {
    // Whoever mends it will see.
    return []
  }
}
