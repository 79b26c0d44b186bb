import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageAdvice, parsePackageRequest } from './package-request.ts'

describe('a package that a recipe asks for', () => {
  it.each([
    ['nginx', { name: 'nginx', excluded: false }],
    ['libstdc++6', { name: 'libstdc++6', excluded: false }],
    ['0ad', { name: '0ad', excluded: false }],
    ['nginx=1.26.*', { name: 'nginx', version: '1.26.*', excluded: false }],
    ['nginx=1:1.26.3-3+deb13u1', { name: 'nginx', version: '1:1.26.3-3+deb13u1', excluded: false }],
    ['nginx=1.2?~rc1', { name: 'nginx', version: '1.2?~rc1', excluded: false }],
    ['openssh=9.9_p2-r0', { name: 'openssh', version: '9.9_p2-r0', excluded: false }],
    ['busybox=1.37.0_git*', { name: 'busybox', version: '1.37.0_git*', excluded: false }],
    ['nginx@trixie-backports', { name: 'nginx', suite: 'trixie-backports', excluded: false }],
    ['nginx@bookworm/updates', { name: 'nginx', suite: 'bookworm/updates', excluded: false }],
    ['nginx=1.*@trixie', { name: 'nginx', version: '1.*', suite: 'trixie', excluded: false }],
    ['!dash', { name: 'dash', excluded: true }],
    ['nginx~1.26', { name: 'nginx', range: { relation: '~', version: '1.26' }, excluded: false }],
    ['nginx=~1.26', { name: 'nginx', range: { relation: '~', version: '1.26' }, excluded: false }],
    ['nginx~=1.26', { name: 'nginx', range: { relation: '~', version: '1.26' }, excluded: false }],
    ['nginx>=1:2', { name: 'nginx', range: { relation: '>=', version: '1:2' }, excluded: false }],
    ['nginx>1', { name: 'nginx', range: { relation: '>>', version: '1' }, excluded: false }],
    ['nginx<2_rc1', { name: 'nginx', range: { relation: '<<', version: '2_rc1' }, excluded: false }],
    ['a1<=2@edge', { name: 'a1', range: { relation: '<=', version: '2' }, suite: 'edge', excluded: false }],
    ['cmd:curl', { name: 'cmd:curl', excluded: false }],
    ['so:libXau.so.6', { name: 'so:libXau.so.6', excluded: false }],
    ['pc:zlib>=1.3', { name: 'pc:zlib', range: { relation: '>=', version: '1.3' }, excluded: false }],
    ['py3.12:foo', { name: 'py3.12:foo', excluded: false }],
  ])('written %s is %j', (text, request) => {
    expect(parsePackageRequest(text)).toStrictEqual(request)
  })

  it.each([
    '',
    'n',
    '-nginx',
    '+x',
    'Nginx',
    'nginx=',
    'nginx@',
    'nginx=@trixie',
    'nginx@/x',
    'nginx@trixie=1',
    'nginx 1',
    ' nginx',
    'nginx\n',
    'nginx:amd64',
    '!',
    '!dash=1',
    '!dash@trixie',
    '!!dash',
    'nginx=1/2',
    'nginx>>1',
    'nginx~',
    'nginx=~',
    'nginx>=1.*',
    'cmd:',
    '!nginx>1',
  ])('is not written %j', (text) => {
    expect(parsePackageRequest(text)).toBeUndefined()
  })

  it.each([
    ['!dash=1', 'an excluded package has neither version nor suite'],
    ['! dash@x', 'an excluded package has neither version nor suite'],
    ['nginx>>1.2', 'a version is written name=1.26.*'],
    ['nginx (<< 2)', 'a version is written name=1.26.*'],
    ['!nginx~1.2', 'an excluded package'],
    ['nginx:amd64', 'the architecture comes from "platforms"'],
    ['nginx curl', 'write one package on each line'],
    ['NginX=1.2', 'package names are in lower case'],
  ])('written %s is probably meant otherwise: %s', (text, advice) => {
    expect(parsePackageRequest(text)).toBeUndefined()
    expect(packageAdvice(text)).toContain(advice)
  })

  it('gets no advice where nothing tells what is meant', () => {
    expect(packageAdvice('-nginx')).toBe('')
    expect(packageAdvice('nginx=A/B')).toBe('')
  })

  it('is read or not, whatever is written, and says all of what it was read from', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '=', '@', '!', '*', '.', '-', ' ', 'A') })
    fc.assert(
      fc.property(text, (written) => {
        const request = parsePackageRequest(written)
        if (request === undefined) return
        const { name, version, suite, excluded } = request
        const again = [excluded ? '!' : '', name, version && `=${version}`, suite && `@${suite}`].join('')
        expect(again).toBe(written)
      }),
      { numRuns: 500 },
    )
  })
})
