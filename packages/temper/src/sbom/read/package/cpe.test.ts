import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCpe } from './cpe.ts'

describe('what a CPE tells of a package', () => {
  test.each<[string, ReturnType<typeof parseCpe>]>([
    [
      'cpe:2.3:a:lodash:lodash:4.17.15:*:*:*:*:node.js:*:*',
      { type: 'npm', product: 'lodash', version: '4.17.15' },
    ],
    ['cpe:2.3:a:x:requests:2.0:*:*:*:*:Python:*:*', { type: 'pypi', product: 'requests', version: '2.0' }],
    ['cpe:2.3:a:x:y:1.0:*:*:*:*:*:*:*', { product: 'y', version: '1.0' }],
    ['cpe:2.3:a:x:y:*:*:*:*:*:*:*:*', { product: 'y' }],
    ['cpe:2.3:a:x:y:-:*:*:*:*:*:*:*', { product: 'y' }],
    // Signs that are meant as they are.
    ['cpe:2.3:a:x:a\\:b\\+c:1.0:*:*:*:*:*:*:*', { product: 'a:b+c', version: '1.0' }],
    ['cpe:2.3:a:x:y', { product: 'y' }],
    ['cpe:2.3:a:x:*:1.0:*:*:*:*:*:*:*', undefined],
    ['cpe:2.3:a:x', undefined],
    // As Yocto writes them: nothing of the vendor, nor of what it is.
    ['cpe:2.3:*:*:busybox:1.36.1:*:*:*:*:*:*:*', { product: 'busybox', version: '1.36.1' }],
    // CPE 2.2.
    ['cpe:/a:vendor:prod:1.2', { product: 'prod', version: '1.2' }],
    ['cpe:/a:vendor:pr%2bod:1.2', { product: 'pr+od', version: '1.2' }],
    ['cpe:/a:x:lodash:4.17:::~~~node.js~~', { product: 'lodash', version: '4.17' }],
    ['cpe:/a:x:lodash:4.17::~~~node.js~~', { type: 'npm', product: 'lodash', version: '4.17' }],
    ['cpe:/a:x:y::', { product: 'y' }],
    ['cpe:/a', undefined],
    ['pkg:npm/a@1', undefined],
    ['', undefined],
    [`cpe:2.3:a:x:${'y'.repeat(3000)}:1`, undefined],
    // Words of objects are no ecosystems.
    ['cpe:2.3:a:x:y:1:*:*:*:*:constructor:*:*', { product: 'y', version: '1' }],
  ])('%s', (text, expected) => {
    expect(parseCpe(text)).toEqual(expected)
  })

  test('whatever it is, it is read or not', () => {
    fc.assert(
      fc.property(fc.constantFrom('cpe:2.3:', 'cpe:/', ''), fc.string({ unit: 'binary' }), (start, text) => {
        const cpe = parseCpe(start + text)
        expect(cpe === undefined || cpe.product !== '').toBe(true)
      }),
    )
  })
})
