import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../base/error.ts'
import type { Recipe } from '../model/recipe.ts'
import { writeRecipe } from './document/write.ts'
import { recipeChecksum } from './normalise/checksum.ts'
import { type ParseOptions, parseRecipe, readRecipe } from './read.ts'

const file = 'web/recipe.yaml'

const text = `
vars: { PORT: "8080" }
contents:
  packages: [nginx, tzdata, "!perl"]
  files: [{ source: a.conf, path: /etc/a.conf }]
entrypoint: [/usr/sbin/nginx, -g, daemon off;]
environment: { LANG: C.UTF-8, MODE: run }
ports: ["\${{vars.PORT}}"]
tags: ["1.26", "1"]
paths:
  - { type: directory, path: /var/lib/web, uid: 65532, permissions: 0o750 }
  - { type: delete, path: /usr/share/doc }
tests: [{ name: version, command: [/usr/sbin/nginx, -v], output: nginx }]
variants:
  dev:
    contents:
      packages: [bash, perl, "!tzdata", "nginx=1.26.*", "!gcc"]
      files: [{ source: b.conf, path: /etc/a.conf }]
    entrypoint: [/bin/bash]
    environment: { MODE: "echo $\${{x}}" }
    paths: ["!/usr/share/doc", { type: empty-file, path: /dev.txt }]
    tests: ["!version"]
    hardening: { allow: [{ rule: shell, why: whoever develops works in it }] }
  debug:
    contents: { packages: [strace] }
`

const read = (variant?: string, options: Partial<ParseOptions> = {}, source = text): Recipe =>
  parseRecipe(source, { file, ...(variant === undefined ? {} : { variant }), ...options })

const names = (recipe: Recipe) =>
  recipe.contents.packages.map(({ name, excluded }) => (excluded ? `!${name}` : name))

function problem(source: string, variant?: string): string {
  try {
    read(variant, {}, source)
  } catch (error) {
    if (error instanceof TemperError) return error.message
    throw error
  }
  throw new Error('no problem')
}

describe('variants of a recipe', () => {
  it('leave the recipe itself as it is', () => {
    const without = text.slice(0, text.indexOf('variants:'))
    expect(read()).toEqual(read(undefined, {}, without))
    expect(read('runtime')).toEqual(read())
    expect(readRecipe(text, { file }).variants).toEqual(['dev', 'debug'])
    expect(readRecipe(text, { file }).isPlain).toBe(true)
  })

  it('add to lists, take away, and replace what has the same name', () => {
    const dev = read('dev')
    expect(names(dev)).toEqual(['bash', 'perl', 'nginx', '!gcc'])
    expect(dev.contents.packages[2]).toMatchObject({ version: '1.26.*' })
    expect(dev.contents.files).toMatchObject([{ source: 'b.conf', path: '/etc/a.conf' }])
    expect(dev.paths.map(({ path }) => path)).toEqual(['/var/lib/web', '/dev.txt'])
    expect(dev.tests).toEqual([])
    expect(dev.hardening.allow).toMatchObject([{ rule: 'shell' }])
  })

  it('replace commands and texts, and merge mappings', () => {
    const dev = read('dev')
    expect(dev.entrypoint).toEqual(['/bin/bash'])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of vars, escaped
    expect(dev.environment).toMatchObject({ LANG: 'C.UTF-8', MODE: 'echo ${{x}}' })
    expect(dev.ports).toEqual(['8080/tcp'])
  })

  it('have tags of their own, and a lock that fits no other variant', () => {
    expect(read('dev').tags).toEqual(['1.26-dev', '1-dev'])
    expect(read('dev').variant).toBe('dev')
    expect(new Set(['runtime', 'dev', 'debug'].map((name) => recipeChecksum(read(name)))).size).toBe(3)
  })

  it.each(['dev', 'debug'])('%s can be written as one text that reads as the same recipe', (variant) => {
    const vars = { PORT: '9090' }
    const { value, recipe } = readRecipe(text, { file, variant, vars })
    expect(recipe.ports).toEqual(['9090/tcp'])
    expect(parseRecipe(writeRecipe(value, recipe), { file: 'elsewhere/recipe.yaml' })).toEqual(recipe)
  })

  it('tell which variants there are when one is asked for that is not', () => {
    expect(() => read('dve')).toThrow('there is no variant "dve"')
    expect(() => read('dev', {}, 'contents: { packages: [nginx] }')).toThrow('there is no variant "dev"')
  })

  it.each([
    [
      'variants: { dev: { contents: { package: [bash] } } }',
      '1:32: variants.dev.contents.package: unknown key: did you mean "packages"?',
    ],
    ['ports: [80]\nvariants: { dev: { ports: [99999] } }', '2:28: variants.dev.ports[0]: expected a port'],
    [
      'ports: [80]\nvariants: { dev: { ports: [80] } }',
      '2:28: variants.dev.ports[0]: "80/tcp" is there twice',
    ],
    ['variants: { dev: { tests: ["!nothing"] } }', 'there is no "nothing" to take away: the list is empty'],
    ['variants: { Dev: {} }', '1:13: variants.Dev: expected a short name'],
    ['variants: { runtime: {} }', '"runtime" is the recipe itself'],
    ['variants: { dev: [] }', 'expected what the variant changes, found an empty list'],
    ['variants: [dev]', 'expected a mapping of names to variants, found a list'],
    ['variants: { dev: { name: other } }', '1:20: variants.dev.name: a variant cannot change this'],
  ])('names the place of what is wrong in a variant that nobody asked for: %s', (source, message) => {
    expect(problem(source)).toContain(message)
  })

  it('take away by any name of the rest', () => {
    const whole = fc.uniqueArray(fc.constantFrom('aa', 'bb', 'cc', 'dd', 'ee', 'ff'), { minLength: 1 })
    fc.assert(
      fc.property(whole, whole, (packages, taken) => {
        const source = JSON.stringify({
          contents: { packages },
          variants: { less: { contents: { packages: taken.map((name) => `!${name}`) } } },
        })
        const listed = names(read('less', {}, source))
        const left = packages.filter((name) => !taken.includes(name))
        const keptOut = taken.filter((name) => !packages.includes(name)).map((name) => `!${name}`)
        expect(listed).toEqual([...left, ...keptOut])
      }),
    )
  })
})

describe('a recipe that extends another', () => {
  const child = `
extends: web
vars: { PORT: "7070" }
contents: { packages: [curl, "!tzdata"] }
variants: { dev: { contents: { packages: ["!perl"] } } }
`
  const extended = [{ text, file }]
  const childOf = (source: string, variant?: string) =>
    read(variant, { file: 'shop/recipe.yaml', extended }, source)

  it('begins with it, and is another image', () => {
    const recipe = childOf(child)
    expect(recipe.name).toBe('shop')
    expect(names(recipe)).toEqual(['nginx', '!perl', 'curl'])
    expect(recipe.entrypoint).toEqual(['/usr/sbin/nginx', '-g', 'daemon off;'])
  })

  it('gives a var its value in both texts', () => {
    expect(childOf(child).ports).toEqual(['7070/tcp'])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of vars
    expect(childOf('extends: web\nwork-dir: "/srv/${{vars.PORT}}"').workDir).toBe('/srv/8080')
  })

  it('has its variants, with its own changes to them', () => {
    expect(names(childOf(child, 'dev'))).toEqual(['!perl', 'curl', 'bash', '!tzdata', 'nginx', '!gcc'])
  })

  it('names the text that a problem is in', () => {
    expect(() => childOf('extends: web\nports: [x]')).toThrow(
      'shop/recipe.yaml:2:9: ports[0]: expected a port',
    )
    const broken = [{ text: `${text}\nvolumes: [here]`, file }]
    const attempt = () => parseRecipe('extends: web', { file: 'shop/recipe.yaml', extended: broken })
    expect(attempt).toThrow(/^web\/recipe\.yaml:\d+:11: volumes\[0\]: /)
  })

  it('cannot be read without it', () => {
    expect(() => read(undefined, {}, child)).toThrow('can only be found from where the recipe lies')
  })
})
