import { describe, expect, it } from 'vitest'
import type { VexProduct } from '../../../model/advisory/vex.ts'
import { sampleComponent, sampleFinding, sampleStatement } from '../fixtures/sample.ts'
import { Matcher } from './matcher.ts'

const name = 'pkg:deb/debian/libssl3t64'
const version = `${name}@3.5.1-1`
const other = 'pkg:deb/debian/zlib1g'
const image = 'registry.example/web'
const component = sampleComponent()
const matcher = new Matcher([image], { components: [component] })

/** A product, or one with parts. */
function product(id: string, ...subcomponents: readonly string[]): VexProduct {
  return { id, subcomponents }
}

function precision(...products: readonly VexProduct[]) {
  return matcher.precision(sampleStatement({ products }), sampleFinding({ component }))
}

describe('how precisely a statement names a package', () => {
  it.each([
    ['not at all, when it is about whatever carries it', [], 0],
    ['the image', [product(image)], 1],
    ['the package', [product(name)], 2],
    ['its version', [product(version)], 3],
    ['nothing', [product(other)], undefined],
    ['a part of the image', [product(image, name)], 2],
    ['a version in the image', [product(image, version)], 3],
    ['a part of another image', [product('registry.example/api', version)], undefined],
    ['another part of the image', [product(image, other)], undefined],
  ])('%s', (_, products, expected) => {
    expect(precision(...products)).toBe(expected)
  })

  it.each([
    [[product(image), product(name)], 2],
    [[product(image), product(version)], 3],
    [[product(other), product(image)], 1],
    [[product(image), product(other)], 1],
    [[product(image, other, name)], 2],
    [[product(image, name, version)], 3],
    [[product(image, name, other)], 2],
    [[product(name), product(image, version), product(image)], 3],
  ])('is the most precise of all that it names, in whatever order: %j', (products, expected) => {
    expect(precision(...products)).toBe(expected)
    const turned = products
      .toReversed()
      .map((each) => ({ ...each, subcomponents: each.subcomponents.toReversed() }))
    expect(precision(...turned)).toBe(expected)
  })

  it('is the same when it is asked again, and for what has no package URL', () => {
    const nameless = sampleFinding({ component: sampleComponent({ purl: 'not one' }) })
    const statement = sampleStatement({ products: [product(name)] })
    for (let i = 0; i < 2; i++) {
      expect(matcher.precision(statement, nameless)).toBeUndefined()
      expect(precision(product(name))).toBe(2)
    }
  })
})
