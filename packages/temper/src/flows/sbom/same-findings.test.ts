import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchInventory } from '../../advisory/match/match.ts'
import { sha256 } from '../../base/digest.ts'
import { purlOf } from '../../formats/purl/purl-type.ts'
import { distributionPurl, upstreamOf } from '../../inventory/distribution-purl.ts'
import { type Component, type ComponentType, componentTypes, type Inventory } from '../../model/inventory.ts'
import { describeInventory } from '../../sbom/describe/inventory.ts'
import { mergeInventories } from '../../sbom/merge.ts'
import { readSbom } from '../../sbom/read/read.ts'
import { about, formats, index, languages, systemNames, systems, told } from './fixtures/findings-sample.ts'

/* What Temper writes of an inventory has the findings of the inventory, in every format and for every ecosystem. */

const version = fc.constantFrom(
  '4.9.1',
  '5',
  '5.0.1',
  '1:4-2',
  '1:5-1',
  '4.0-1+b2',
  '4~rc1',
  '4.9-r3',
  '4.9-1nodesource1',
  'v4.2.0',
  '(devel)',
  '',
)
const place = fc.constantFrom(
  'app/lock',
  'opt/x y/a.jar!/WEB-INF/lib/b.jar',
  'usr/lib/python3/dist-packages/r.dist-info/METADATA',
)

const language = fc
  .record({
    type: fc.constantFrom(...(Object.keys(languages) as ComponentType[])),
    pick: fc.nat(9),
    version,
    place,
  })
  .map(({ type, pick, version: stated, place: path }): Component => {
    const names = languages[type]?.names ?? []
    const name = names[pick % names.length] ?? ''
    // As Go's own library is listed: without the "v" of modules.
    const guess = type === 'maven' && pick % 2 === 1 ? { guessedFrom: 'packages', sha1: 'a'.repeat(40) } : {}
    const version = name === 'stdlib' || name === 'toolchain' ? stated.replace('v', '') : stated
    return {
      type,
      name,
      version,
      purl: purlOf(type, { name, version }),
      locations: [{ path }],
      ...guess,
      foundBy: type,
    }
  })

const system = fc
  .record({
    sample: fc.constantFrom(...systems),
    name: fc.constantFrom(...systemNames),
    version: version.filter((text) => text !== '' && text !== '(devel)'),
    source: fc.option(
      fc.record({ name: fc.constantFrom(...systemNames), version: fc.constantFrom('4-1', '1:4-1', '5-1') }),
    ),
    owns: fc.boolean(),
  })
  .map(({ sample: { type, distribution }, name, version: full, source, owns }): Component => {
    const [, epoch, rest = full] = type === 'rpm' ? (/^(\d+):(.*)$/.exec(full) ?? []) : []
    const own = type === 'rpm' && !rest.includes('-') ? `${full}-1.el9` : full
    const built = source ?? (type === 'rpm' ? undefined : { name, version: own })
    const upstream =
      built === undefined || type === 'rpm' ? undefined : upstreamOf({ name, version: own }, built)
    return {
      type,
      name,
      version: own,
      purl: distributionPurl(
        {
          type,
          name,
          architecture: 'amd64',
          version: own.replace(/^\d+:/, type === 'rpm' ? '' : '$&'),
          ...(epoch === undefined ? {} : { epoch: Number(epoch) }),
          ...(upstream === undefined ? {} : { upstream }),
        },
        distribution,
      ),
      architecture: 'amd64',
      ...(built === undefined ? {} : { source: built }),
      distribution,
      locations: [{ path: 'var/lib/db' }],
      ...(owns ? { files: ['app/lock', 'usr/lib/python3/dist-packages/r.dist-info/METADATA'] } : {}),
      foundBy: type,
    }
  })

/** Of one distribution, as images are, or with packages of several, as merged documents have them. */
const inventory = fc
  .record({
    components: fc.uniqueArray(fc.oneof(language, system), { selector: ({ purl }) => purl, maxLength: 8 }),
    whole: fc.option(fc.constantFrom(...systems)),
  })
  .map(({ components, whole }): Inventory => {
    const fitting =
      whole === null
        ? components
        : components.filter(({ distribution = whole.distribution }) => distribution === whole.distribution)
    // A file has one owner.
    const owner = fitting.find((each) => each.files !== undefined)
    const listed = fitting.map((each): Component => {
      const { files: _, ...rest } = each
      return each === owner ? each : rest
    })
    const files = new Set(
      listed.flatMap((each) => [...(each.files ?? []), each.locations[0]?.path.split('!/')[0] ?? '']),
    )
    return {
      ...(whole === null ? {} : { distribution: whole.distribution }),
      components: listed,
      files: [...files].sort().map((path) => ({ path, digest: sha256(path), sha1: '1'.repeat(40) })),
      layers: [],
      notes: [],
    }
  })

describe('findings of an inventory and of the document that is written of it are the same', () => {
  test.each(formats)('%s', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(inventory, async (given) => {
        const { inventory: read } = await readSbom(Buffer.from(write(describeInventory(given, about))), {
          what: 'own',
        })
        expect(told(read)).toEqual(told(given))
      }),
      { numRuns: 150 },
    )
  })

  test('every ecosystem that can be looked up has findings in it', () => {
    const seen = new Set(
      fc
        .sample(inventory, { numRuns: 400, seed: 1 })
        .flatMap((given) => matchInventory(given, index).findings.map(({ component: { type } }) => type)),
    )
    expect([...seen].sort()).toEqual(componentTypes.filter((type) => type !== 'generic').toSorted())
  })

  test('a document that was made of a document, in every order of formats', async () => {
    const [given] = fc
      .sample(inventory, { numRuns: 200, seed: 2 })
      .toSorted((a, b) => told(b).length - told(a).length)
    if (given === undefined) throw new RangeError('no sample')
    for (const [, first] of formats)
      for (const [, second] of formats) {
        const { inventory: once } = await readSbom(Buffer.from(first(describeInventory(given, about))), {
          what: 'first',
        })
        const { inventory: twice } = await readSbom(Buffer.from(second(describeInventory(once, about))), {
          what: 'second',
        })
        expect(told(twice)).toEqual(told(given))
        expect(told(mergeInventories([once, twice]))).toEqual(told(given))
      }
  })
})
