import { expect, it } from 'vitest'
import { isNamed } from './image-name.ts'

it.each([
  [['registry.example/web:1'], 'registry.example/web:1', true],
  [['registry.example/web:1'], 'registry.example/web', true],
  [['registry.example/web:1'], 'registry.example/web:2', false],
  [['registry.example/web'], 'registry.example/web:1', false],
  [['registry.example/other:1'], 'registry.example/web:1', false],
  [['127.0.0.1:5000/web'], '127.0.0.1:5000/web', true],
  [['127.0.0.1:5000/web:1'], '127.0.0.1:5000/web:1', true],
  [['127.0.0.1:5000/web'], '127.0.0.1:5001/web', false],
  [['a.example/x:1', 'b.example/y:2'], 'b.example/y:2', true],
  [[], 'registry.example/web', false],
])('%j is the name %s: %s', (names, wanted, expected) => {
  expect(isNamed(names, wanted)).toBe(expected)
})
