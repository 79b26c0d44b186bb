import { describe, expect, it } from 'vitest'
import { declaredClasses } from './classes.ts'

const classes = (code: string) => declaredClasses(Buffer.from(code))

describe('classes of a file', () => {
  it.each([
    ['<?php class A {}', ['A']],
    ['<?php namespace X\\Y; final class A {} interface B {} trait C {}', ['X\\Y\\A', 'X\\Y\\B', 'X\\Y\\C']],
    ['<?php namespace X { class A {} } namespace { class B {} }', ['X\\A', 'B']],
    ['<?php namespace  X \\ Y ;\nCLASS  A {}', ['X\\Y\\A']],
    ['<?php enum Suit: string {} enum Bare {} enum Tight:int {}', ['Suit', 'Bare', 'Tight']],
    ['<?php $a = new class extends A {}; $b = new class implements B {};', []],
    ['<?php A::class; $this->class = 1; $class instanceof A;', []],
    ['<?php "class A {}"; \'class B {}\'; "\\"class C {}"; class D {}', ['D']],
    ['<?php // class A {}\n# class B {}\n/* class C {} */ class D {}', ['D']],
    ['<?php // a comment ends ?> class A {} <?php class B {}', ['B']],
    ['<?php #[Attribute] class A {}', ['A']],
    ['<?php $x = <<<END\nclass A {}\n  END; class B {}', ['B']],
    ["<?php $x = <<<'END'\nENDING class A {}\nEND\n; class B {}", ['B']],
    ['class A {} <? class B {} ?> class C {}', ['B']],
    ['<?php class Größe {}', ['Größe']],
    ['<?php "class A', []],
    ['<?php $x = <<<END\nclass A {}', []],
    ['<?php /* class A', []],
    ['', []],
    ['no PHP, but a class here', []],
  ])('%j', (code, expected) => {
    expect(classes(code)).toEqual(expected)
  })

  it('takes time in proportion to a hostile text', () => {
    for (const text of ['<?php class ', '<?php "', '<<<A\n ', '/*', '<?php namespace a\\', '# '])
      expect(classes(`<?php class A {} ${text.repeat(100_000)}`)[0]).toBe('A')
  })
})
