import { expect, it } from 'vitest'
import { changedLines, joinedRanges, linesWith } from './doubtful.ts'

it('finds the lines that changed, and a few around them', () => {
  const diff = `@@ -1,2 +1 @@ export
-a
-b
+c
@@ -10,0 +20,3 @@
+d
@@ -30,4 +40,0 @@
-e
`
  expect(changedLines(diff)).toEqual([
    { from: 1, to: 3 },
    { from: 18, to: 24 },
    { from: 38, to: 42 },
  ])
  expect(changedLines('')).toEqual([])
})

it('finds the lines that a run left something in, wherever they are now', () => {
  const change = { file: 'a.ts', line: 1, change: 'a.ts: a → b' }
  const changes = [
    { ...change, within: 'if (a) {', lines: 3 },
    { ...change, within: 'if (a) {', lines: 1 },
    { ...change, within: 'gone', lines: 1 },
  ]
  expect(linesWith('x\n  if (a) {\n  }\nx\nif (a) {', changes)).toEqual([
    { from: 2, to: 4 },
    { from: 5, to: 7 },
  ])
})

it('puts ranges together that touch', () => {
  const ranges = [
    { from: 8, to: 9 },
    { from: 1, to: 3 },
    { from: 2, to: 2 },
    { from: 4, to: 5 },
  ]
  expect(joinedRanges(ranges)).toEqual([
    { from: 1, to: 5 },
    { from: 8, to: 9 },
  ])
})
