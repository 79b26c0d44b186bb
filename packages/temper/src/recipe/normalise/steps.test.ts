import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { parseRecipe } from '../read.ts'

const checksum = `sha256:${'a'.repeat(64)}`
const step = (fields: object) => ({
  name: 'make',
  run: 'true',
  outputs: [{ source: 'out', path: '/opt/out' }],
  ...fields,
})
const parse = (...steps: readonly object[]) =>
  parseRecipe(JSON.stringify({ contents: { packages: ['libc6'] }, steps }), { file: 'web/recipe.yaml' })

describe('build steps', () => {
  it('have defaults, and one list of what they get', () => {
    const { steps } = parse(
      step({
        packages: ['gcc=14.*'],
        inputs: [{ source: 'src/hello.c' }, { source: 'a', path: 'b/c', permissions: '0o755' }],
        network: [{ url: 'https://downloads.example/app-1.2.tar.gz?x=1', checksum }],
        run: ['echo 1', 'echo 2'],
        environment: { CFLAGS: '-O2' },
      }),
    )
    expect(steps).toEqual([
      {
        name: 'make',
        packages: [{ name: 'gcc', version: expect.anything(), excluded: false }],
        inputs: [
          { path: '/hello.c', source: 'src/hello.c', mode: 0o644, uid: 0, gid: 0 },
          { path: '/b/c', source: 'a', mode: 0o755, uid: 0, gid: 0 },
          {
            path: '/app-1.2.tar.gz',
            source: 'https://downloads.example/app-1.2.tar.gz?x=1',
            checksum,
            mode: 0o644,
            uid: 0,
            gid: 0,
          },
        ],
        run: 'echo 1\necho 2',
        environment: { CFLAGS: '-O2' },
        outputs: [{ source: 'out', path: '/opt/out', uid: 0, gid: 0 }],
        timeout: 1800,
      },
    ])
    expect(parse()).not.toHaveProperty('steps')
  })

  it('take files of what the dependencies install, by their paths in the image', () => {
    const asked = [{ source: '/app/node_modules' }, { source: '/app/a.js', path: 'b/c.js' }]
    expect(parse(step({ dependencies: asked })).steps?.[0]?.dependencies).toEqual([
      { source: '/app/node_modules', path: '/node_modules' },
      { source: '/app/a.js', path: '/b/c.js' },
    ])
    expect(parse(step({ dependencies: [] })).steps?.[0]).not.toHaveProperty('dependencies')
  })

  it.each([
    [step({ inputs: [{ source: 'x' }], dependencies: [{ source: '/app/x' }] }), 'something else goes to x'],
    [step({ dependencies: [{ source: '/a/x' }, { source: '/b/x' }] }), 'steps[0].dependencies[1]: something'],
    [step({ dependencies: [{ source: 'x' }] }), 'steps[0].dependencies[0].source'],
    [step({ dependencies: [{ source: '/x', path: '../x' }] }), 'dependencies[0].path: expected a path like'],
    [step({ run: ' ' }), 'steps[0].run: expected a command, found nothing'],
    [step({ run: 'x'.repeat(65_537) }), 'steps[0].run'],
    [step({ inputs: [{ path: 'x' }] }), 'give either "source"'],
    [step({ inputs: [{ source: '../x' }] }), '".." leaves it'],
    [step({ inputs: [{ source: 'x', path: '../x' }] }), 'inputs[0].path: expected a path like'],
    [step({ inputs: [{ source: 'x', path: '/x' }] }), 'inputs[0].path: expected a path like'],
    [step({ inputs: [{ source: 'a/x' }, { source: 'b/x' }] }), 'two inputs go to x'],
    [step({ network: [{ url: 'https://a.example/b' }] }), 'needs its "checksum"'],
    [step({ network: [{ url: 'http://a.example/b', checksum }] }), 'expected an https address'],
    [step({ network: [{ source: 'x', checksum }] }), 'network[0]'],
    [step({ outputs: [] }), 'steps[0].outputs'],
    [step({ outputs: [{ source: '../etc', path: '/x' }] }), 'outputs[0].source: expected a path like'],
    [step({ outputs: [{ source: 'x', path: '/x', mode: '4755' }] }), 'never setuid'],
    [step({ name: 'A' }), 'steps[0].name: expected a short name'],
  ])('%j are refused', (wrong, message) => {
    expect(() => parse(wrong)).toThrow(
      expect.objectContaining({ code: 'bad-recipe', message: expect.stringContaining(message) }),
    )
  })

  it('have names of their own', () => {
    expect(() => parse(step({}), step({}))).toThrow(TemperError)
    expect(() => parse(step({}), step({}))).toThrow('there is a step "make" already')
  })
})
