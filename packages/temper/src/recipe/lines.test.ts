import { expect, it } from 'vitest'
import { sourceLineText } from '../model/assess/source-line.ts'
import { recipeLines } from './lines.ts'

const text = `contents:
  packages:
    - nginx
    - "tzdata=2026a"
  files:
    - path: /srv/page
      source: page.html
environment:
  LANG: C.UTF-8
ports: [8080, 53/udp]
accounts:
  groups: []
labels:
  team: web
paths:
  - { type: directory, path: /srv }
  - type: delete
    path: /srv/page/old
hardening:
  allow:
    - rule: shell
      path: /usr/bin/dash
      why: the server starts programs with it
variants:
  dev:
    contents: { packages: [bash] }
    stop-signal: SIGINT
`
const lines = recipeLines(text, { file: 'r.yaml' })
const dev = recipeLines(text, { file: 'r.yaml', variant: 'dev' })
const told = (line: Parameters<typeof sourceLineText>[0] | undefined) => line && sourceLineText(line)

it.each([
  ['nginx', 'r.yaml:3: contents.packages[0]'],
  ['tzdata', 'r.yaml:4: contents.packages[1]'],
  ['bash', undefined],
])('package %s: %s', (name, expected) => {
  expect(told(lines.package(name))).toBe(expected)
})

it('what a variant adds is where the variant has it', () => {
  expect(told(dev.package('bash'))).toBe('r.yaml:26: variants.dev.contents.packages[0]')
  expect(told(dev.setting({ setting: 'stop-signal' }))).toBe('r.yaml:27: variants.dev.stop-signal')
})

it.each([
  ['/srv/page', 'r.yaml:6: contents.files[0]', true],
  ['/srv/other', 'r.yaml:16: paths[0]', false],
  ['/srv/page/old', 'r.yaml:6: contents.files[0]', false],
])('file %s: %s', (path, expected, exact) => {
  const place = lines.file(path)
  expect([told(place?.source), place?.exact]).toEqual([expected, exact])
})

it('a file that the recipe does not bring', () => {
  expect(lines.file('/srvice')).toBeUndefined()
})

it.each([
  [{ setting: 'environment', name: 'LANG' } as const, 'r.yaml:9: environment.LANG'],
  [{ setting: 'environment', name: 'PATH' } as const, 'r.yaml:8: add environment.PATH'],
  [{ setting: 'port', name: '8080/tcp' } as const, 'r.yaml:10: ports[0]'],
  [{ setting: 'port', name: '53/udp' } as const, 'r.yaml:10: ports[1]'],
  [{ setting: 'port', name: '80/tcp' } as const, undefined],
  [{ setting: 'user' } as const, 'r.yaml:11: add accounts.run-as'],
  [{ setting: 'label', name: 'team' } as const, 'r.yaml:14: labels.team'],
  [{ setting: 'entrypoint' } as const, 'r.yaml: add entrypoint'],
  [{ setting: 'health-check' } as const, undefined],
])('%j: %s', (setting, expected) => {
  expect(told(lines.setting(setting))).toBe(expected)
})

it.each([
  ['shell', '/usr/bin/dash', 'r.yaml:21: hardening.allow[0]'],
  ['shell', '/usr/bin/bash', undefined],
  ['setuid', '/usr/bin/dash', undefined],
])('exception from %s for %s: %s', (rule, path, expected) => {
  expect(told(lines.relaxation(rule, path))).toBe(expected)
})

it('what is extended is named by its own file', () => {
  const extended = [{ text, file: 'base.yaml' }]
  const over = recipeLines('contents: { packages: [curl] }\n', { file: 'over.yaml', extended })
  expect(told(over.package('curl'))).toBe('over.yaml:1: contents.packages[0]')
  expect(told(over.package('nginx'))).toBe('base.yaml:3: contents.packages[0]')
})
