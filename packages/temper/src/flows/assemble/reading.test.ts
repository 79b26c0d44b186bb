import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { exclusionOf } from '../../assemble/root/decide.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { openDistro } from '../../distro/open.ts'
import type { PackageEntry } from '../../model/package/package-content.ts'
import { parseRecipe } from '../../recipe/read.ts'
import { build } from '../build/build.ts'
import { archiveContext, writeRecipe } from '../fixtures/sample-archive.ts'
import { decideBy, readingFacts } from './reading.ts'

afterAll(cleanUp)

const debian = await openDistro('debian-13', {})

/** Why a file of a package will probably be left out of the image of a recipe; `packages` are those that the lock has. */
function guessed(
  path: string,
  more: string,
  { packages = [], target }: { readonly packages?: readonly string[]; readonly target?: string } = {},
): string | undefined {
  const recipe = parseRecipe(`contents: { packages: [web] }\nentrypoint: [/usr/bin/web]\n${more}`, {
    file: 'web.yaml',
  })
  const facts = readingFacts(
    packages.map((name) => ({ name })),
    recipe,
    undefined,
  )
  const attributes = { path, mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 }
  const entry: PackageEntry =
    target === undefined ? { ...attributes, type: 'file' } : { ...attributes, type: 'symlink', target }
  return exclusionOf(entry, decideBy(facts, { distro: debian }))?.reason
}

test.each([
  ['type: delete, path: /usr/share/data', 'usr/share/data', true],
  ['type: delete, path: /usr/share/data', 'usr/share/data/below/it', true],
  ['type: delete, path: /usr/share/data', 'usr/share/database', false],
  ['type: delete, path: /usr/lib/*/libm.so.6', 'lib/x86_64-linux-gnu/libm.so.6', true],
  ['type: delete, path: /lib/*/libm.so.6', 'usr/lib/x86_64-linux-gnu/libm.so.6', true],
  ['type: delete, path: /usr/lib/*/engines-3', 'usr/lib/x86_64-linux-gnu/engines-3/padlock.so', true],
  ['type: delete, path: /usr/lib/*/engines-3', 'usr/lib/x86_64-linux-gnu/libz.so.1', false],
  ['type: delete, path: /usr/lib/jvm/default-java/lib/src.zip', 'usr/lib/jvm/java-21/lib/src.zip', true],
  ['type: delete, path: /usr/lib/jvm/default-java/lib/src.zip', 'usr/lib/jvm/java-21/src.zip', false],
  ['type: file, path: /etc/web.conf, content: x', 'etc/web.conf', true],
  ['type: file, path: /etc/web, content: x', 'etc/web/below', false],
  ['type: permissions, path: /usr/share/data, mode: 0700', 'usr/share/data', false],
])('a recipe with { %s } leaves no place for %s: %s', (request, path, isLeftOut) => {
  const reason = guessed(path, `paths: [{ ${request} }]`)
  expect(reason).toBe(isLeftOut ? 'not in the recipe' : undefined)
})

test.each([
  ['/etc/web/README.txt', 'documentation'],
  ['../../../etc/web/./README.txt', 'documentation'],
  ['/usr/share/web/gone', 'not in the recipe'],
  ['/usr/share/web/other', undefined],
  ['../../../etc/web/settings', undefined],
  ['../../share/doc/web', undefined],
  ['../../share/doc/web/examples.txt', 'documentation'],
])('a link to %s goes the way of that: %s', (target, reason) => {
  const paths = `paths:
  - { type: delete, path: /usr/share/web/gone }
  - { type: delete, path: /usr/share/web/other }
  - { type: symlink, path: /usr/share/web/other, source: ../there }
`
  expect(guessed('usr/lib/web/link', paths, { target })).toBe(reason)
})

test('of a recipe that minimises, no package is taken for whole', () => {
  expect(guessed('usr/bin/web', 'minimize: true')).toBe('not in the recipe')
})

test.each([
  ['nothing else is known', '', ['libc6', 'web'], true],
  ['a library converts texts', '', ['libc6', 'libunistring5'], false],
  ['a locale has another character set', 'locales: [de_DE.ISO-8859-1]', [], false],
  ['all locales have UTF-8', 'locales: [de_DE.UTF-8]', [], true],
  [
    'the recipe keeps them',
    'hardening: { allow: [{ rule: ballast, path: "/usr/lib/*/gconv/**", why: texts of users have any character set }] }',
    [],
    false,
  ],
])('conversions between character sets, when %s', (_, more, packages, isLeftOut) => {
  const reason = guessed('usr/lib/x86_64-linux-gnu/gconv/KOI8-R.so', more, { packages })
  expect(reason).toBe(isLeftOut ? 'character sets' : undefined)
})

test('what the recipe leaves out of a package is not compressed for nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'temper-reading-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const files = { '/usr/share/web/page': 'hello', '/usr/share/web/manual': 'long', '/etc/web.conf': 'a' }
  const { context } = await archiveContext(folder, [{ name: 'web', files }])
  const more = `paths:
  - { type: delete, path: /usr/share/web/manual }
  - { type: file, path: /etc/web.conf, content: b }
`
  await build({ target: await writeRecipe(folder, { name: 'web', packages: ['web'], more }) }, context)
  const kept = await readdir(join(context.cacheDir, 'segments-4'), { recursive: true })
  expect(kept.filter((path) => /[0-9a-f]{64}$/.test(path))).toHaveLength(1)
})
