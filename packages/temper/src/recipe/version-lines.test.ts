import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../base/error.ts'
import type { Recipe } from '../model/recipe.ts'
import { writeRecipe } from './document/write.ts'
import { recipeChecksum } from './normalise/checksum.ts'
import { type ParseOptions, parseRecipe, readPlaces, readRecipe } from './read.ts'

const file = 'db/recipe.yaml'

const text = `
line: 17
vars: { MAJOR: "17", DATA: "/var/lib/db/\${{vars.MAJOR}}" }
contents: { packages: ["db-\${{vars.MAJOR}}", tzdata] }
environment: { DATA: "\${{vars.DATA}}" }
variants:
  dev: { contents: { packages: [bash, "db-dev-\${{vars.MAJOR}}"] } }
lines:
  15:
    distribution: debian-12
    vars: { MAJOR: "15" }
    tags: ["15.9"]
  "16":
    vars: { MAJOR: "16" }
    contents: { packages: ["!tzdata"] }
    variants: { dev: { contents: { packages: ["!bash", dash] } } }
  "9": { vars: { MAJOR: "9" } }
`

const read = (options: Partial<ParseOptions> = {}, source = text): Recipe =>
  parseRecipe(source, { file, ...options })
const names = ({ contents }: Recipe) => contents.packages.map(({ name }) => name)

function problem(source: string, options: Partial<ParseOptions> = {}): string {
  try {
    read(options, source)
  } catch (error) {
    if (error instanceof TemperError) return error.message
    throw error
  }
  throw new Error('no problem')
}

describe('version lines of a recipe', () => {
  it('begin with its own, and go on with the newest', () => {
    expect(readRecipe(text, { file }).lines).toEqual(['17', '16', '15', '9'])
    expect(readRecipe('contents: { packages: [aa] }', { file }).lines).toEqual([])
  })

  it('leave the recipe itself as it is, which is its own line', () => {
    expect(names(read())).toEqual(['db-17', 'tzdata'])
    expect(read({ line: '17' })).toEqual(read())
    expect(read()).toMatchObject({ line: '17', tags: ['latest', '17'], distribution: 'debian-13' })
    expect(read({ variant: 'dev' }).tags).toEqual(['latest-dev', '17-dev'])
  })

  it('give vars another value everywhere, and change what they say', () => {
    const old = read({ line: '15' })
    expect(old).toMatchObject({
      line: '15',
      distribution: 'debian-12',
      environment: { DATA: '/var/lib/db/15' },
    })
    expect(names(old)).toEqual(['db-15', 'tzdata'])
    expect(names(read({ line: '16' }))).toEqual(['db-16'])
    expect(names(read({ line: '16', vars: { MAJOR: '99' } }))).toEqual(['db-99'])
  })

  it('have tags of their own, none of the recipe itself', () => {
    const tagged = `tags: ["17.2"]\n${text}`
    expect(read({}, tagged).tags).toEqual(['17.2'])
    expect(read({ line: '15' }, tagged).tags).toEqual(['15', '15.9'])
    expect(read({ line: '16', variant: 'dev' }, tagged).tags).toEqual(['16-dev'])
  })

  it('have the variants of the recipe, with their own changes', () => {
    expect(names(read({ line: '15', variant: 'dev' }))).toEqual(['db-15', 'tzdata', 'bash', 'db-dev-15'])
    expect(names(read({ line: '16', variant: 'dev' }))).toEqual(['db-16', 'db-dev-16', 'dash'])
  })

  it('can each be written as one text that reads as the same recipe', () => {
    const sums = ['17', '16', '15'].flatMap((line) =>
      ['runtime', 'dev'].map((variant) => {
        const { value, recipe } = readRecipe(text, { file, line, variant })
        expect(parseRecipe(writeRecipe(value, recipe), { file: 'elsewhere/recipe.yaml' })).toEqual(recipe)
        return recipeChecksum(recipe)
      }),
    )
    expect(new Set(sums).size).toBe(6)
  })

  it('are added to and changed by a recipe that extends', () => {
    const child = 'extends: db\nlines: { "15": { ports: [80] }, "14": { vars: { MAJOR: "14" } } }'
    const options = { extended: [{ text, file }], file: 'shop/recipe.yaml' }
    expect(readRecipe(child, options).lines).toEqual(['17', '16', '15', '14', '9'])
    const changed = read({ ...options, line: '15' }, child)
    expect(changed).toMatchObject({ name: 'shop', ports: ['80/tcp'], tags: ['15', '15.9'] })
    expect(names(changed)).toEqual(['db-15', 'tzdata'])
    expect(names(read({ ...options, line: '14' }, child))).toEqual(['db-14', 'tzdata'])
  })

  it('are chosen by a recipe that extends and says which one it is', () => {
    const child = `extends: db\nline: 15\nenvironment: { OF: "\${{vars.MAJOR}}" }`
    const options = { extended: [{ text: `tags: ["17.2"]\n${text}`, file }], file: 'shop/recipe.yaml' }
    const chosen = read(options, child)
    expect(chosen).toMatchObject({ name: 'shop', line: '15', distribution: 'debian-12' })
    expect(chosen.environment).toMatchObject({ DATA: '/var/lib/db/15', OF: '15' })
    expect(chosen.tags).toEqual(['15.9'])
    expect(names(chosen)).toEqual(['db-15', 'tzdata'])
    expect(names(read({ ...options, variant: 'dev' }, child))).toEqual([
      'db-15',
      'tzdata',
      'bash',
      'db-dev-15',
    ])
    expect(readRecipe(child, options).lines).toEqual(['15'])
    expect(read({ ...options, line: '15' }, child)).toEqual(chosen)
    expect(names(read(options, `${child}\nvars: { MAJOR: "14" }`))).toEqual(['db-14', 'tzdata'])
    const further = { ...options, extended: [{ text: child, file: 'b' }, ...options.extended] }
    expect(names(read(further, 'extends: b'))).toEqual(['db-15', 'tzdata'])
  })

  it('of the same name that a recipe says and has are a mistake, as without one that it extends', () => {
    const options = { extended: [{ text, file }], file: 'shop/recipe.yaml' }
    expect(problem('extends: db\nline: "15"\nlines: { "15": { ports: [80] } }', options)).toContain(
      '"15" is the recipe itself',
    )
  })

  it('know where each value is written', () => {
    const places = readPlaces(text, { file, line: '16' })
    const lineOf = (path: readonly string[]) => text.slice(0, places.placeOf(path).offset).split('\n').length
    expect(lineOf(['environment', 'DATA'])).toBe(5)
    expect(lineOf(['vars', 'MAJOR'])).toBe(14)
  })

  it('tell which there are when one is asked for that is not', () => {
    expect(problem(text, { line: '1' })).toContain('there is no line "1"')
    expect(problem('contents: { packages: [aa] }', { line: '17' })).toContain('there is no line "17"')
  })

  it.each([
    ['lines: { "15": {} }', '1:1: lines: the recipe itself has no line: write the one that it is'],
    ['line: "17"\nlines: { "17": {} }', '2:10: lines.17: "17" is the recipe itself'],
    ['line: "17"\nlines: { "1 5": {} }', '2:10: lines.1 5: expected a short name like "17"'],
    ['line: "17"\nlines: { "15": { line: "15" } }', 'lines.15.line: a line cannot change this'],
    ['line: "17"\nlines: { "15": { lines: {} } }', 'lines.15.lines: a line cannot change this'],
    ['line: "17"\nlines: { "15": [] }', 'expected what the line changes, found an empty list'],
    ['line: "17"\nlines: ["15"]', 'expected a mapping of names to lines, found a list'],
    ['line: a b', '1:7: line: expected the name of a version line, like "17"'],
    ['line: "17"\nlines: { "15": { ports: [99999] } }', '2:26: lines.15.ports[0]: expected a port'],
    [
      'line: "17"\nvariants: { dev: {} }\nlines: { "15": { variants: { dev: { ports: [99999] } } } }',
      '3:45: lines.15.variants.dev.ports[0]: expected a port',
    ],
  ])('names the place of what is wrong in a line that nobody asked for: %s', (source, message) => {
    expect(problem(source)).toContain(message)
  })

  it('are sorted as versions are, whatever they are called', () => {
    const name = fc.array(fc.oneof(fc.nat({ max: 30 }).map(String), fc.constantFrom('a', 'lts')), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: (parts) => parts.join('.'), maxLength: 8 }), (all) => {
        const lines = Object.fromEntries(all.map((parts) => [parts.join('.'), {}]))
        const source = JSON.stringify({ line: 'own', contents: { packages: ['aa'] }, lines })
        const [own, ...others] = readRecipe(source, { file }).lines
        expect(own).toBe('own')
        expect([...others].sort()).toEqual(Object.keys(lines).sort())
        const numbers = others.filter((each) => /^\d+$/.test(each)).map(Number)
        expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
      }),
    )
  })
})
