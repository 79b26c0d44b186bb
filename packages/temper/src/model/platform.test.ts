import { describe, expect, test } from 'vitest'
import { formatPlatform, isFor, isUsual, parseImagePlatform, parsePlatform, variantOf } from './platform.ts'

describe('the platform of an image', () => {
  test.each([
    ['linux/amd64', 'linux/amd64'],
    ['amd64', 'linux/amd64'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm/v5', 'linux/arm/v5'],
    ['linux/arm64/v8', 'linux/arm64/v8'],
    ['linux/386', 'linux/386'],
    ['linux/s390x', 'linux/s390x'],
    ['linux/ppc64le', 'linux/ppc64le'],
    ['linux/riscv64', 'linux/riscv64'],
    ['linux/loong64', 'linux/loong64'],
    ['linux/mips64le', 'linux/mips64le'],
    ['windows/amd64', 'windows/amd64'],
    ['wasip1/wasm', 'wasip1/wasm'],
    ['riscv64', 'linux/riscv64'],
    ['Linux/AMD64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['armhf', 'linux/arm/v7'],
    ['armel', 'linux/arm/v6'],
    ['i386', 'linux/386'],
    ['ppc64el', 'linux/ppc64le'],
  ])('%s is %s', (text, expected) => {
    expect(formatPlatform(parseImagePlatform(text))).toBe(expected)
  })

  test.each(['', '/', 'linux/', '/amd64', 'a/b/c/d', 'linux/am d64', 'linux/\u001b[31m', 'x'.repeat(41)])(
    'is not %j',
    (text) => {
      expect(() => parseImagePlatform(text)).toThrow(/Unknown platform/)
    },
  )

  test.each([
    ['linux/arm/v7', 'linux/arm/v7', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm/v6', 'linux/arm', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm64/v9', 'linux/arm64/v8', false],
    ['linux/amd64/v1', 'linux/amd64', true],
    ['linux/amd64', 'linux/amd64/v1', true],
    ['linux/amd64/v3', 'linux/amd64/v2', false],
    ['windows/amd64', 'linux/amd64', false],
    ['linux/386', 'linux/amd64', false],
  ])('%s: wanted %s: %s', (image, wanted, expected) => {
    expect(isFor(parseImagePlatform(image), parseImagePlatform(wanted))).toBe(expected)
  })

  test('has a usual variant, which Go writes without v', () => {
    expect(variantOf({ os: 'linux', architecture: 'arm64', variant: '8' })).toBe('v8')
    expect(variantOf({ os: 'linux', architecture: 'arm', variant: '' })).toBe('v7')
    expect(variantOf({ os: 'linux', architecture: 's390x' })).toBeUndefined()
    expect(isUsual(parseImagePlatform('linux/arm/v7'))).toBe(true)
    expect(isUsual(parseImagePlatform('linux/arm/v6'))).toBe(false)
    expect(isUsual(parseImagePlatform('linux/s390x'))).toBe(true)
  })
})

describe('a platform to build for', () => {
  test.each(['linux/amd64', 'linux/arm64'])('is %s', (text) => {
    expect(formatPlatform(parsePlatform(text))).toBe(text)
  })

  test.each(['linux/s390x', 'windows/amd64', 'linux/arm/v7'])('is not %s', (text) => {
    expect(() => parsePlatform(text)).toThrow(/expected linux\/amd64 or linux\/arm64/)
  })
})

describe('names that every object has', () => {
  const names = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]/i.test(name))

  test.each(names)('are architectures like any other: %s', (name) => {
    const architecture = name.toLowerCase()
    expect(parseImagePlatform(`linux/${name}`)).toEqual({ os: 'linux', architecture })
    const image = { os: 'linux', architecture: name }
    expect([variantOf(image), isUsual(image), isFor(image, image)]).toEqual([undefined, true, true])
    expect(isFor(image, { ...image, variant: 'v7' })).toBe(false)
  })
})
