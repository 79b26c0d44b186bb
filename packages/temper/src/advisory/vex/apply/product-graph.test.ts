import { describe, expect, test } from 'vitest'
import type { Component, Inventory } from '../../../model/inventory.ts'
import { sampleDocument, sampleFinding, sampleStatement } from '../fixtures/sample.ts'
import { applyVex } from './apply.ts'
import { ComponentIndex } from './component-index.ts'
import type { MatchedInventory } from './matcher.ts'
import { ProductGraph } from './product-graph.ts'

const now = new Date('2026-01-01T00:00:00Z')
const app = 'pkg:golang/example.com/app@v1.0.0'
const tool = 'pkg:golang/example.com/tool@v1.0.0'
const library = 'pkg:golang/example.com/lib@v0.1.0'

function component(purl: string, over: Partial<Component> = {}): Component {
  const [, name = '', version = ''] = /^pkg:[a-z]+\/(.+)@(.+)$/.exec(purl) ?? []
  return { type: 'golang', name, version, purl, locations: [], foundBy: 'cyclonedx', ...over }
}

/** Whether a statement about a product and, if given, its part silences what was found in the library. */
function silences(
  inventory: MatchedInventory,
  {
    product = app,
    part = library,
    at = library,
  }: { product?: string; part?: string | null; at?: string } = {},
): boolean {
  const installed = inventory.components.find(({ purl }) => purl === at)
  const subcomponents = part === null ? [] : [part]
  const document = sampleDocument([sampleStatement({ products: [{ id: product, subcomponents }] })])
  const findings = [sampleFinding(installed === undefined ? {} : { component: installed })]
  return applyVex(findings, [document], { product: [], now, inventory }).suppressed.length === 1
}

/** A document: who needs whom, and what the thing as a whole needs. */
function graph(needs: Readonly<Record<string, readonly string[]>>, wanted?: readonly string[]): Inventory {
  const components = Object.entries(needs).map(([purl, dependsOn]) => component(purl, { dependsOn }))
  return { components, layers: [], notes: [], ...(wanted === undefined ? {} : { wanted }) }
}

describe('a product in a document speaks for what only it needs', () => {
  const chain = { [app]: [library], [library]: [] }

  test.each<[string, Inventory, boolean]>([
    ['needed by it alone', graph(chain, [app]), true],
    ['needed by way of something', graph({ [app]: [tool], [tool]: [library], [library]: [] }, [app]), true],
    ['of a product that is needed itself', graph({ ...chain, [tool]: [app] }, [tool]), true],
    ['needed by the thing itself too', graph(chain, [app, library]), false],
    ['needed by another, too', graph({ ...chain, [tool]: [library] }, [app, tool]), false],
    ['needed by another that nothing needs', graph({ ...chain, [tool]: [library] }, [app]), false],
    ['not needed by it', graph({ [app]: [], [tool]: [library], [library]: [] }, [app, tool]), false],
    ['in a circle', graph({ [app]: [library], [library]: [app] }, [app]), true],
    ['in a document that does not say what is needed', graph(chain), false],
  ])('%s: %j', (_, inventory, expected) => {
    expect(silences(inventory)).toBe(expected)
    // A statement without parts is about all that the product is made of.
    expect(silences(inventory, { part: null })).toBe(expected)
    expect(silences(inventory, { product: 'pkg:golang/example.com/app' })).toBe(expected)
  })

  test('but not for another version of it, another product, another part', () => {
    const inventory = graph(chain, [app])
    expect(silences(inventory, { product: 'pkg:golang/example.com/app@v2.0.0' })).toBe(false)
    expect(silences(inventory, { product: tool })).toBe(false)
    expect(silences(inventory, { part: 'pkg:golang/example.com/lib@v0.2.0' })).toBe(false)
  })

  test('nothing is said of a document that takes too many steps to walk', () => {
    const inventory = graph({ [app]: [tool], [tool]: [library], [library]: [] }, [app])
    const [, other, last] = inventory.components
    const isBrought = (steps: number) => {
      const walked = new ProductGraph(inventory, new ComponentIndex(inventory), { steps })
      // The first question takes two steps, from the product down to the library.
      return [last, other].map((each) => each !== undefined && walked.isBroughtBy(app, each))
    }
    expect(isBrought(2)).toEqual([true, true])
    expect(isBrought(1)).toEqual([true, false])
  })

  test('a package of a distribution only for the parts that are named', () => {
    const curl = 'pkg:deb/debian/curl@1'
    const parts = [
      component(curl, { type: 'deb', dependsOn: [library] }),
      component(library, { dependsOn: [] }),
    ]
    const inventory: Inventory = { components: parts, layers: [], notes: [], wanted: [curl] }
    expect(silences(inventory, { product: curl })).toBe(true)
    expect(silences(inventory, { product: curl, part: null })).toBe(false)
  })
})

describe('a product in an image speaks for what is in its files', () => {
  const at = (...paths: string[]) => ({ locations: paths.map((path) => ({ path })) })
  const image = (...components: Component[]): Inventory => ({ components, layers: [], notes: [] })

  test.each<[string, readonly string[], readonly string[], boolean]>([
    ['linked into the program', ['bin/app'], ['bin/app'], true],
    ['linked into another program, too', ['bin/app'], ['bin/app', 'bin/tool'], false],
    ['in every copy of the program', ['bin/app', 'usr/bin/app'], ['usr/bin/app'], true],
    ['in the list of wishes of a project', ['go.mod'], ['go.mod'], false],
    ['linked into a program that is called like one', ['bin/go.modern'], ['bin/go.modern'], true],
    ['elsewhere', ['bin/app'], ['bin/tool'], false],
  ])('%s: %j in %j: %j', (_, programs, places, expected) => {
    const inventory = image(
      component(app, { ...at(...programs), dependsOn: [library] }),
      component(library, at(...places)),
    )
    expect(silences(inventory)).toBe(expected)
  })

  test('linked into one of several programs that the product is', () => {
    const programs = [app, 'pkg:golang/example.com/app@v2.0.0'].map((purl, index) =>
      component(purl, { ...at(`bin/${index}`), dependsOn: [library] }),
    )
    const inventory = image(...programs, component(library, at('bin/1')))
    expect(silences(inventory, { product: 'pkg:golang/example.com/app' })).toBe(true)
    expect(silences(inventory)).toBe(false)
  })

  test('packages of other languages that a file lists beside each other are not in each other', () => {
    const [outer, inner] = ['pkg:npm/shop@1.0.0', 'pkg:npm/lib@1.0.0']
    const inventory = image(
      component(outer, { type: 'npm', ...at('app/package-lock.json'), dependsOn: [inner] }),
      component(inner, { type: 'npm', ...at('app/package-lock.json') }),
    )
    expect(silences(inventory, { product: outer, part: inner, at: inner })).toBe(false)
  })

  test('what lies beside the main module without being needed by it', () => {
    expect(silences(image(component(app, at('bin/app')), component(library, at('bin/app'))))).toBe(false)
  })

  test('archives in an archive', () => {
    const war = 'pkg:maven/org.example/shop@1.0'
    const jar = 'pkg:maven/org.example/lib@1.0'
    const inventory = (...places: string[]) =>
      image(
        component(war, { type: 'maven', ...at('app/shop.war') }),
        component(jar, { type: 'maven', ...at(...places) }),
      )
    const about = { product: war, part: jar, at: jar }
    expect(silences(inventory('app/shop.war!/WEB-INF/lib/lib.jar'), about)).toBe(true)
    expect(silences(inventory('app/shop.war!/WEB-INF/lib/lib.jar', 'app/lib.jar'), about)).toBe(false)
    expect(silences(inventory('app/shop.war.old'), about)).toBe(false)
  })

  test('modules that a package of the distribution brought', () => {
    const deb = 'pkg:deb/debian/gitlab@1.0'
    const inventory = image(
      component(deb, { type: 'deb' }),
      component(library, { ...at('opt/x'), broughtBy: deb }),
    )
    expect(silences(inventory, { product: deb })).toBe(true)
    expect(silences(inventory, { product: 'pkg:deb/debian/other@1.0' })).toBe(false)
    const twice = image(
      ...inventory.components,
      component('pkg:deb/debian/gitlab@2.0', { type: 'deb', name: 'gitlab' }),
    )
    expect(silences(twice, { product: 'pkg:deb/debian/gitlab' })).toBe(true)
  })
})
