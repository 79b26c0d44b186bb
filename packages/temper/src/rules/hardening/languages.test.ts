import { describe, expect, it } from 'vitest'
import { ballastOf } from './ballast.ts'
import { languageShapes } from './languages.ts'

const jvm = 'usr/lib/jvm/java-21-openjdk-amd64/lib'

describe('what languages bring and nothing reads', () => {
  it.each([
    ['usr/share/nodejs/undici/types/index.d.ts', 'type declarations'],
    ['usr/lib/node_modules/x/index.d.cts', 'type declarations'],
    ['usr/lib/ruby/gems/3.3.0/gems/rbs-3.4.0/core/array.rbs', 'type declarations'],
    ['usr/lib/ruby/gems/3.3.0/gems/debug-1.9/sig/debug.rbs', 'type declarations'],
    ['usr/lib/python3.13/test/support/__init__.py', 'test suite'],
    ['usr/lib/python3/dist-packages/numpy/core/tests/test_array.py', 'test suite'],
    ['usr/share/nodejs/semver/range.test.js', 'test suite'],
    ['usr/lib/ruby/gems/3.3.0/gems/rake-13/test/x.rb', 'test suite'],
    ['usr/lib/ruby/3.3.0/rdoc/parser.rb', 'documentation'],
    ['usr/share/ri/3.3.0/system/Array/cdesc-Array.ri', 'documentation'],
    [`${jvm}/server/classes_nocoops.jsa`, 'second class archive'],
    ['usr/lib/postgresql/17/bin/pg_test_fsync', 'database debugging'],
    ['usr/bin/aria_dump_log', 'database debugging'],
    ['usr/bin/redis-benchmark', 'database debugging'],
  ])('%s: %s', (path, reason) => {
    expect(ballastOf(path, 'file')?.reason).toBe(reason)
  })

  it.each([
    'srv/app/index.d.ts',
    'usr/share/nodejs/typescript.ts',
    'usr/share/nodejs/x/test/runner.js',
    'usr/lib/python3/dist-packages/django/test/client.py',
    'usr/lib/python3/dist-packages/jinja2/tests.py',
    'usr/lib/python3/dist-packages/x/tests/data.py',
    'usr/lib/python3.13/unittest/case.py',
    'usr/lib/ruby/3.3.0/rdocument.rb',
    `${jvm}/server/classes.jsa`,
    'usr/lib/postgresql/17/bin/pg_checksums',
    'usr/bin/redis-check-rdb',
  ])('%s stays', (path) => {
    expect(ballastOf(path, 'file')).toBeUndefined()
  })

  it('is named with the reason why nobody needs it', () => {
    for (const [, { why = '' }] of languageShapes) expect(why.length).toBeGreaterThan(15)
  })
})
