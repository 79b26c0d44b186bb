import { expect, it } from 'vitest'
import { libraryOf, singleBytes, whenNeeded } from './finish-chunks.ts'

it('the library is an ES module with the names that the file exports', () => {
  const code = [
    'exports.scan = require_scan.scan;',
    'Object.defineProperty(exports, "later", { enumerable: true, get: function() { return later; } });',
    '\texports.inner = 1;',
  ].join('\n')
  expect(libraryOf(code)).toBe(
    "import library from './index.cjs'\nexport const {\n  scan,\n  later,\n} = library\n",
  )
  expect(() => libraryOf('const nothing = 1')).toThrow('exports nothing')
})

it('a slow module of Node is asked for when a function of it is called', () => {
  const code = 'let node_fs_promises = require("node:fs/promises");\n(0, node_fs_promises.readFile)(path)\n'
  expect(whenNeeded(code)).toBe('(0, require("node:fs/promises").readFile)(path)\n')
  expect(() => whenNeeded('node_fs_promises.constants.R_OK')).toThrow('import them from node:fs')
})

it('characters beyond ASCII mean the same when they are escaped', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the code of the string
  const code = '[`é${"…"}`, "\u{1F4E6}".match(/^[–\u{1F4E6}]$/u)[0]]'
  const escaped = singleBytes(code)
  expect(escaped).toMatch(/^[\0-\x7f]*$/)
  // biome-ignore lint/security/noGlobalEval: what code means is seen when it runs
  expect(eval(escaped)).toEqual(eval(code))
  expect(() => singleBytes('String.raw`…`')).toThrow('raw string')
})
