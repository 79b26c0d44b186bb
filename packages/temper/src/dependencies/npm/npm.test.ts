import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { readPackageLock } from './package-lock.ts'
import { installTarball } from './tarball.ts'

const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
const environment = { architecture: 'amd64', libc: 'glibc' } as const
const entry = (more: object = {}) => ({
  version: '1.0.0',
  resolved: 'https://registry.example/a/-/a-1.0.0.tgz',
  integrity,
  ...more,
})
const read = (packages: object) =>
  readPackageLock(JSON.stringify({ lockfileVersion: 3, packages }), environment, 'package-lock.json')

describe('a lock of npm', () => {
  it('has what the project runs with on a platform', () => {
    const installed = read({
      '': { name: 'app', dependencies: { a: '1' } },
      'node_modules/a': entry({ hasInstallScript: true }),
      'node_modules/@s/b/node_modules/c': entry({ name: 'real-c' }),
      'node_modules/dev': entry({ dev: true }),
      'node_modules/maybe': entry({ devOptional: true }),
      'node_modules/arm': entry({ optional: true, cpu: ['arm64'] }),
      'node_modules/not-linux': entry({ optional: true, os: ['!linux'] }),
      'node_modules/musl': entry({ optional: true, libc: ['musl'] }),
      'node_modules/here': entry({
        optional: true,
        os: ['linux'],
        cpu: ['x64'],
        libc: 'glibc',
        resolved: undefined,
      }),
    })
    expect(installed.map(({ place, name, hasInstallScript }) => [place, name, hasInstallScript])).toEqual([
      ['node_modules/a', 'a', true],
      ['node_modules/@s/b/node_modules/c', 'real-c', false],
      ['node_modules/maybe', 'maybe', false],
      ['node_modules/here', 'here', false],
    ])
    expect(installed[0]).toMatchObject({
      hashes: [`sha512:${'01'.repeat(64)}`],
      files: [{ name: 'a-1.0.0.tgz', url: 'https://registry.example/a/-/a-1.0.0.tgz' }],
    })
    expect(installed[3]?.files).toEqual([{ name: 'here-1.0.0.tgz' }])
  })

  it('has what only development needs where it is wanted', () => {
    const packages = { 'node_modules/a': entry(), 'node_modules/dev': entry({ dev: true }) }
    const text = JSON.stringify({ lockfileVersion: 3, packages })
    const names = (dev: boolean) =>
      readPackageLock(text, { ...environment, dev }, 'package-lock.json').map(({ name }) => name)
    expect(names(true)).toEqual(['a', 'dev'])
    expect(names(false)).toEqual(['a'])
  })

  it.each([
    [{ 'node_modules/../../etc': entry() }, 'expected a folder below node_modules'],
    [{ 'packages/own': entry() }, 'expected a folder below node_modules'],
    [{ 'node_modules/..': entry() }, 'expected a folder below node_modules'],
    [{ 'node_modules/a': entry({ integrity: 'sha1-AAAA' }) }, 'expected version and integrity'],
    [{ 'node_modules/a': entry({ link: true }) }, 'expected version and integrity'],
    [{ 'node_modules/a': entry({ os: ['darwin'] }) }, 'is for other platforms'],
  ])('%j is refused', (packages, message) => {
    expect(() => read(packages)).toThrow(message)
  })

  it('is of version 2 or 3', () => {
    expect(() => readPackageLock('{"lockfileVersion":1,"dependencies":{}}', environment, 'x')).toThrow(
      'version 2 or 3',
    )
    expect(() => readPackageLock('[', environment, 'x')).toThrow('expected a JSON object')
    expect(() => readPackageLock('['.repeat(101), environment, 'x')).toThrow('nested deeper')
  })
})

function tarball(
  files: readonly (Partial<FileEntry> & { readonly path: string; readonly text?: string })[],
): Buffer {
  const parts = files.flatMap(({ text = '', ...fields }) => {
    const bytes = Buffer.from(text)
    const whole = {
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: bytes.length,
      mtime: 0,
      ...fields,
    } as const
    return [encodeTarHeader(whole), bytes, tarPadding(bytes.length)]
  })
  return gzipSync(Buffer.concat([...parts, tarEnd]))
}

describe('a package of npm', () => {
  const place = { folder: '/app/node_modules/@s/pkg', name: '@s/pkg', what: 'it' }
  const unpacked = async (bin: unknown, more: Parameters<typeof tarball>[0] = []) => {
    const manifest = { path: 'package/package.json', text: JSON.stringify({ bin }) }
    const files = await installTarball(tarball([manifest, { path: 'package/cli.js' }, ...more]), place)
    return files.map(({ path, mode, target }) => `${path} ${mode.toString(8)} ${target ?? ''}`.trim())
  }

  it('goes below its folder, and its programs into .bin', async () => {
    const more = [
      { path: 'other-top/lib/x.js', mode: 0o755 },
      { path: 'package/link', type: 'symlink', target: '/etc' } as const,
    ]
    expect(await unpacked('./cli.js', more)).toEqual([
      '/app/node_modules/@s/pkg/package.json 644',
      '/app/node_modules/@s/pkg/cli.js 755',
      '/app/node_modules/@s/pkg/lib/x.js 755',
      '/app/node_modules/.bin/pkg 777 ../@s/pkg/cli.js',
    ])
  })

  it.each([{ '../../x': 'none.js' }, { x: '../../cli.js' }, { '..': 'cli.js' }, { x: 7 }, 7, null])(
    'has no programs that lead elsewhere: %j',
    async (bin) => {
      expect(await unpacked(bin)).toHaveLength(2)
    },
  )

  it('is refused without a manifest, and with names that lead out', async () => {
    await expect(installTarball(tarball([{ path: 'package/x' }]), place)).rejects.toMatchObject({
      code: 'bad-archive',
    })
    await expect(unpacked({}, [{ path: 'package/../../x' }])).rejects.toMatchObject({ code: 'bad-archive' })
    await expect(unpacked({}, [{ path: 'package/a\u001bb' }])).rejects.toMatchObject({ code: 'bad-archive' })
  })
})
