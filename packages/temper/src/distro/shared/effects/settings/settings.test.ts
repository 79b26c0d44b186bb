import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { apply } from '../../../debian/effects/fixtures/packages.ts'
import { readGvdb as read } from './fixtures/sample-gvdb.ts'
import { compileSchemas } from './glib-schemas.ts'

/** Files that real programs of Debian 13 made, and what they made them of. */
const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)))

const schema = fixture('test.gschema.xml').toString()
const overrides = fixture('20_test.gschema.override').toString()

/** Finds a key as GLib does: in the bucket of its hash. */
function find(file: Uint8Array, key: string): boolean {
  const bytes = Buffer.from(file)
  const start = bytes.readUInt32LE(16)
  const count = bytes.readUInt32LE(start + 4)
  let hash = 5381
  for (const byte of Buffer.from(key)) hash = (Math.imul(hash, 33) + byte) >>> 0
  const rows = (bytes.readUInt32LE(20) - start - 8 - 4 * count) / 24
  const bucket = hash % count
  const first = bytes.readUInt32LE(start + 8 + 4 * bucket)
  const end = bucket + 1 < count ? bytes.readUInt32LE(start + 12 + 4 * bucket) : rows
  for (let i = first; i < end; i++)
    if (bytes.readUInt32LE(start + 8 + 4 * count + 24 * i) === hash) return true
  return false
}

describe('glib-schemas', () => {
  it('holds what the real glib-compile-schemas writes', () => {
    expect(read(compileSchemas([schema], [overrides]))).toEqual(read(fixture('gschemas.compiled')))
  })

  it('has every schema in the bucket where GLib looks for it', () => {
    const file = compileSchemas([schema], [])
    for (const id of ['', 'zz.base', 'zz.derived', 'zz.item', 'zz.list']) expect(find(file, id)).toBe(true)
    expect(find(fixture('gschemas.compiled'), 'zz.base')).toBe(true)
    expect(find(file, 'zz.absent')).toBe(false)
  })

  const folder = 'usr/share/glib-2.0/schemas'
  const postinst = `/usr/lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas /${folder}\nfc-cache -s`

  it('are compiled from what all packages bring', () => {
    const files = {
      [`${folder}/test.gschema.xml`]: schema,
      [`${folder}/20_test.gschema.override`]: overrides,
    }
    const { changes, reports, notes } = apply([{ name: 'libglib2.0-0t64', files, postinst }])
    expect(reports).toEqual([])
    expect(notes('glib-schemas')).toEqual(['1 files'])
    const made = changes.find(
      (each) => each.kind === 'put' && each.entry.path === `${folder}/gschemas.compiled`,
    )
    expect(read((made as { content: Uint8Array }).content)).toEqual(read(fixture('gschemas.compiled')))
  })

  it('need not be compiled when there are none', () => {
    expect(apply([{ name: 'x', postinst }]).reports).toEqual([])
  })

  it.each([
    ['no XML', 'schema'],
    ['a value of another type', schema.replace('<default>-3</default>', "<default>'three'</default>")],
    ['a number out of range', schema.replace('(255,', '(256,')],
    ['an element that is not known', schema.replace('<summary>x</summary>', '<surprise/>')],
    ['an enumeration that is nowhere', schema.replace('enum="zz.Mode"', 'enum="zz.Gone"')],
    [
      'a default that is missing',
      schema.replace('<default>6</default>', '').replace('<default>-3</default>', ''),
    ],
    ['values nested without end', schema.replace('()</default>', `${'('.repeat(999)}</default>`)],
  ])('are reported with %s', (_, text) => {
    const files = { [`${folder}/a.gschema.xml`]: text }
    expect(apply([{ name: 'x', files, postinst }]).reports).toEqual([
      `x postinst:3 /usr/lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas /${folder}`,
    ])
  })
})

describe('pixbuf-loaders', () => {
  const folder = 'usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0'
  const loaders = `${folder}/2.10.0/loaders`
  const query = `/${folder}/gdk-pixbuf-query-loaders $(find /${loaders} /usr/lib/gone -name *.so 2> /dev/null | LC_ALL=C sort)`
  const postinst = `${query} > /${folder}/2.10.0/loaders.cache || true`
  const files = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [`${loaders}/${name}`, { size: 1 }]))

  it('are listed as the real gdk-pixbuf-query-loaders lists them', () => {
    const names = ['libpixbufloader_svg.so', 'libpixbufloader-gif.so', 'libpixbufloader-tga.so']
    const { at, reports } = apply([{ name: 'libgdk-pixbuf-2.0-0', files: files(names), postinst }])
    expect(reports).toEqual([])
    const real = fixture('loaders.cache').toString().replace('pixbuf-2.42.12', 'pixbuf-1.0')
    expect(at(`${folder}/2.10.0/loaders.cache`)).toBe(`file 644 0:0 ${real}`)
  })

  it('are reported when one is not known', () => {
    const { reports } = apply([{ name: 'x', files: files(['libpixbufloader-new.so']), postinst }])
    expect(reports).toEqual([expect.stringContaining('gdk-pixbuf-query-loaders')])
  })
})

describe('odbc-drivers', () => {
  const template =
    '# comment\n[DriverA]\nDescription=A first\nDriver = /usr/lib/a.so\nFileUsage = 1\n\n[DriverB]\nUsageCount=5\nDriver=/usr/lib/b.so\n'
  const other = '[DriverC]\nDriver=/usr/lib/c.so\nCPTimeout=\n'
  const driver = (name: string, text: string) => ({
    name,
    files: { [`usr/share/${name}/odbcinst.ini`]: text },
    postinst: `odbcinst -i -d -f /usr/share/${name}/odbcinst.ini 1>&2`,
  })

  // What odbcinst 2.3.11 makes of the same files.
  it('are registered as the real odbcinst registers them', () => {
    const { at, reports, notes } = apply([driver('a', template), driver('c', other)])
    expect(reports).toEqual([])
    expect(at('etc/odbcinst.ini')).toBe(
      'file 644 0:0 [DriverA]\nDescription=A first\nDriver=/usr/lib/a.so\nFileUsage=1\nUsageCount=1\n\n' +
        '[DriverB]\nUsageCount=1\nDriver=/usr/lib/b.so\n\n' +
        '[DriverC]\nDriver=/usr/lib/c.so\nCPTimeout=\nUsageCount=1\n\n',
    )
    expect(notes('odbc-drivers')).toEqual(['DriverA, DriverB, DriverC'])
  })

  it('go to the end and count once more when they are there already', () => {
    const { at } = apply([
      {
        ...driver('a', other),
        postinst:
          'echo "[DriverC]\nDriver = old\nUsageCount = 2\n[Z]" > /etc/odbcinst.ini\nodbcinst -i -d -f /usr/share/a/odbcinst.ini',
      },
    ])
    expect(at('etc/odbcinst.ini')).toBe(
      'file 644 0:0 [Z]\n\n[DriverC]\nDriver=/usr/lib/c.so\nCPTimeout=\nUsageCount=3\n\n',
    )
  })

  it.each(['odbcinst -i -d -f /usr/share/none.ini', 'odbcinst -u -d -n DriverA', 'odbcinst -i -s -l -f /x'])(
    'are reported for %s',
    (postinst) => {
      expect(apply([{ name: 'x', postinst }]).reports).toHaveLength(1)
    },
  )
})

describe('graphviz-plugins', () => {
  const folder = 'usr/lib/x86_64-linux-gnu/graphviz'
  const installed = [
    'core',
    'dot_layout',
    'gd',
    'gdk',
    'gtk',
    'neato_layout',
    'pango',
    'rsvg',
    'visio',
    'webp',
    'xlib',
  ]
  const graphviz = (names: readonly string[], postinst = 'libgvc6-config-update -c') => {
    const files = Object.fromEntries(names.map((name) => [`${folder}/libgvplugin_${name}.so.6`, { size: 1 }]))
    return apply([{ name: 'libgvc6', version: '2.42.4-3', files, postinst }])
  }

  it('are listed as the real dot -c of Debian 13 lists them', () => {
    const { at, reports } = graphviz(installed)
    expect(reports).toEqual([])
    expect(at(`${folder}/config6a`)).toBe(`file 644 0:0 ${fixture('graphviz-config6a')}`)
    const few = graphviz(installed.filter((name) => !/gdk|gtk|rsvg/.test(name))).at(`${folder}/config6a`)
    expect(few).toContain('libgvplugin_pango.so.6 cairo {')
    expect(few).not.toContain('gdk')
  })

  it.each([
    ['one is not known', [...installed, 'new'], undefined],
    ['one that others draw with is left out', installed.filter((name) => name !== 'pango'), undefined],
    ['something else is asked', installed, 'dot -Tsvg'],
  ])('are reported when %s', (_, names, postinst) => {
    const { at, reports } = graphviz(names, postinst)
    expect(reports).toHaveLength(1)
    expect(at(`${folder}/config6a`)).toBeUndefined()
  })
})
