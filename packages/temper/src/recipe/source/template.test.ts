// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import { describe, expect, it } from 'vitest'
import { filledIn } from './template.ts'

const values = { PORT: '8080', 'a.b': '${{vars.PORT}}' }
const fill = (text: string | Uint8Array) =>
  Buffer.from(
    filledIn(typeof text === 'string' ? Buffer.from(text) : text, { source: 'app.conf', values }),
  ).toString()

describe('a template', () => {
  it('has values in the place of vars, once, and everything else as it was', () => {
    expect(fill('listen ${{vars.PORT}}; ${{ vars.a.b }}; $host ${HOME} $${{vars.PORT}}\n')).toBe(
      'listen 8080; ${{vars.PORT}}; $host ${HOME} ${{vars.PORT}}\n',
    )
  })

  it.each(['${{vars.NONE}}', '${{PORT}}', '${{ vars.toString }}', '${{}}'])(
    'names the line of %s',
    (wrong) => {
      expect(() => fill(`a\nb\n${wrong}`)).toThrow(
        expect.objectContaining({ code: 'bad-recipe', message: expect.stringContaining('app.conf:3: ') }),
      )
    },
  )

  it('is a text', () => {
    expect(() => fill(new Uint8Array([0xff]))).toThrow('not UTF-8')
  })
})
