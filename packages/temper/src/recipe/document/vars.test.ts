// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { parseRecipe } from '../read.ts'

const file = 'web/recipe.yaml'

describe('vars', () => {
  it('are put into texts anywhere', () => {
    const recipe = parseRecipe(
      `
vars: {MAJOR: 1, MINOR: 1.26, VERSION: "\${{vars.MINOR}}.3", PORT: 8080, UID: 10001}
contents: {packages: ["nginx=\${{ vars.VERSION }}*"]}
tags: ["\${{vars.MAJOR}}", "\${{vars.VERSION}}"]
environment: {V: "\${{vars.VERSION}}-\${{vars.MAJOR}}"}
ports: ["\${{vars.PORT}}/tcp"]
accounts:
  users:
    - name: app
      uid: \${{vars.UID}}
`,
      { file },
    )
    expect(recipe.contents.packages).toEqual([{ name: 'nginx', version: '1.26.3*', excluded: false }])
    expect(recipe.tags).toEqual(['1', '1.26.3'])
    expect(recipe.environment['V']).toBe('1.26.3-1')
    expect(recipe.ports).toEqual(['8080/tcp'])
    expect(recipe.accounts.users[1]?.uid).toBe(10001)
  })

  it('leave other dollar signs alone', () => {
    const content = '$host ${HOME} $${X} $$ {{ a }} ${{vars.A}} $${{vars.A}}'
    const recipe = parseRecipe(`vars: {A: x}\npaths: [{type: file, path: /a, content: '${content}'}]`, {
      file,
    })
    expect(recipe.paths[0]).toMatchObject({ content: '$host ${HOME} $${X} $$ {{ a }} x ${{vars.A}}' })
  })

  it('are replaced by those of the command line, literally', () => {
    const text = 'vars: {A: one, B: "b-${{vars.A}}"}\nlabels: {a: "${{vars.A}}", b: "${{vars.B}}"}'
    const recipe = parseRecipe(text, { file, vars: { A: '${{vars.B}}$&' } })
    expect(recipe.labels).toEqual({ a: '${{vars.B}}$&', b: 'b-${{vars.B}}$&' })
  })

  it('can only be set when the recipe has them', () => {
    const attempt = () => parseRecipe('vars: {VERSION: 1}', { file, vars: { VERSOIN: '2' } })
    expect(attempt).toThrow(TemperError)
    expect(attempt).toThrow('there is no var "VERSOIN": did you mean "VERSION"?')
  })

  it('do not grow without bound', () => {
    const levels = Array.from(
      { length: 15 },
      (_, i) => `  V${i + 1}: "${'${{vars.V'.concat(`${i}}}`).repeat(20)}"`,
    )
    const text = `vars:\n  V0: ${'x'.repeat(100)}\n${levels.join('\n')}\nname: "\${{vars.V15}}"`
    expect(() => parseRecipe(text, { file })).toThrow(TemperError)
  })
})
