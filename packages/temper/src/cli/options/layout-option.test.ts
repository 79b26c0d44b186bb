import { expect, it } from 'vitest'
import { parseLayout } from './layout-option.ts'

it.each([
  ['out/nginx', { path: 'out/nginx' }],
  ['/srv/a:b', { path: '/srv/a:b' }],
  ['oci:out/nginx', { path: 'out/nginx' }],
  ['oci:out/nginx:1.26', { path: 'out/nginx', tag: '1.26' }],
])('takes %s', (text, layout) => {
  expect(parseLayout(text)).toEqual(layout)
})

it.each([
  ['oci-archive:a.tar', 'bad-usage'],
  ['docker-archive:a.tar', 'bad-usage'],
  ['oci:', 'bad-reference'],
  [`oci:a@sha256:${'0'.repeat(64)}`, 'bad-usage'],
])('refuses %s', (text, code) => {
  expect(() => parseLayout(text)).toThrow(expect.objectContaining({ code }))
})
