import { describe, expect, it } from 'vitest'
import { explainKey } from './explain.ts'

describe('a key of a recipe', () => {
  it('is explained by its path, however lists in it are written', () => {
    const run = explainKey('steps[].run')
    expect(run).toMatchObject({ key: 'steps[].run', needed: true, fields: [] })
    expect(run.description).toContain('/bin/sh')
    for (const path of ['steps.run', 'steps[3].run']) expect(explainKey(path)).toEqual(run)
    expect(explainKey('contents.packages')).toMatchObject({ type: 'list of texts', needed: false })
    expect(explainKey('contents.packages').example).toContain('nginx')
  })

  it('tells the keys below it', () => {
    expect(explainKey('').fields.map(({ name }) => name)).toContain('contents')
    expect(explainKey('contents').fields.map(({ name }) => name)).toContain('packages')
    expect(explainKey('steps').fields.map(({ name }) => name)).toContain('outputs')
    expect(explainKey('paths[].source')).toMatchObject({ key: 'paths[].source' })
    expect(explainKey('hardening.allow.why').needed).toBe(true)
  })

  it.each([
    ['contens', 'Did you mean "contents"?'],
    ['steps[].runs', 'Did you mean "run"?'],
    ['fips.x', 'fips has no keys.'],
    ['__proto__', 'It has name, image'],
  ])('that is none is refused with what there is: %s', (path, hint) => {
    expect(() => explainKey(path)).toThrow(
      expect.objectContaining({ code: 'bad-usage', hint: expect.stringContaining(hint) }),
    )
  })

  it('has something to say of every field', () => {
    const look = (path: string, depth: number): void => {
      for (const { name, description } of explainKey(path).fields) {
        // apko's spelling of what stands above it.
        if (name !== 'type' && `${path}.${name}` !== 'entrypoint.command')
          expect(description, `${path}.${name}`).not.toBe('')
        if (depth < 3) look(path === '' ? name : `${path}.${name}`, depth + 1)
      }
    }
    look('', 0)
  })
})
