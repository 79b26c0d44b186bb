import { expect, it } from 'vitest'
import { normalName } from '../../model/repository-name.ts'
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
  [['index.docker.io/library/nginx:1'], 'docker.io/nginx:1', true],
  [['REGISTRY.example:443/web:1'], 'registry.example./web:1', true],
  [['registry.example/web:A'], 'registry.example/web:a', false],
  [[], 'registry.example/web', false],
])('%j is the name %s: %s', (names, wanted, expected) => {
  expect(isNamed(names, wanted)).toBe(expected)
})

it.each([
  ['LOCALHOST:5000/x', 'localhost:5000/x'],
  ['Registry.Example/Team/x', 'registry.example/Team/x'],
  ['registry.example:443/x:1', 'registry.example/x:1'],
  ['registry.example:0443/x', 'registry.example/x'],
  ['registry.example./x', 'registry.example/x'],
  ['registry.example.:443/x', 'registry.example/x'],
  ['registry.example.:5000/x', 'registry.example:5000/x'],
  ['index.docker.io/nginx', 'docker.io/library/nginx'],
  ['registry-1.docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
  ['docker.io/team/x', 'docker.io/team/x'],
  ['[::1]:5000/x', '[::1]:5000/x'],
  ['[0:0:0:0:0:0:0:1]:443/x', '[::1]/x'],
  ['127.1:5000/x', '127.0.0.1:5000/x'],
  ['docker.io/**', 'docker.io/**'],
  ['*.Example/x', '*.example/x'],
  ['**', '**'],
  ['oci:/./dir', 'oci:/dir'],
  ['oci:/a/../dir/', 'oci:/dir'],
  ['oci:dir', 'oci:/work/dir'],
  ['oci:./out/*', 'oci:/work/out/*'],
  ['oci:**', 'oci:**'],
  ['oci-archive:../x.tar', 'oci-archive:/x.tar'],
  ['docker-archive:x.tar', 'docker-archive:/work/x.tar'],
])('%s has the normal form %s', (name, expected) => {
  expect(normalName(name, '/work')).toBe(expected)
  expect(normalName(expected, '/elsewhere')).toBe(expected)
})
