import { expect, it } from 'vitest'
import { doorOf, pastDoors, singleBytes } from './finish-chunks.ts'

it('what a door exports is taken from the file behind it', () => {
  const doors = new Map(doorOf('run-GG-qJ06y.js', 'export { h as run, stop } from "./start-MNCqdUrq.js";\n'))
  expect(pastDoors('const { run } = await import("./run-GG-qJ06y.js");', doors)).toBe(
    'const { run } = await import("./start-MNCqdUrq.js").then((found) => ({ run: found.h, stop: found.stop }));',
  )
  expect(pastDoors('await import("./other-MNCqdUrq.js")', doors)).toBe('await import("./other-MNCqdUrq.js")')
})

it.each([
  ['main.js', 'export { h as run } from "./start-MNCqdUrq.js";'],
  ['run-GG-qJ06y.js', 'import "./start-MNCqdUrq.js";\nexport { run };'],
  ['run-GG-qJ06y.js', 'export { h as run } from "node:fs";'],
  ['run-GG-qJ06y.js', 'export { h as run } from "./start-MNCqdUrq.js";\nrun();'],
])('%s with %j is no door', (name, code) => {
  expect(doorOf(name, code)).toEqual([])
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
