import { expect, test } from 'vitest'
import { packageRoot } from './package-root.ts'

const many = (folder: string, amount: number) =>
  Array.from({ length: amount }, (_, number) => `${folder}/C${number}.class`)

test.each<[string, readonly string[], string]>([
  ['one package', many('org/made/a', 3), 'org.made.a'],
  ['several below one', [...many('org/made/a', 3), ...many('org/made/b', 3)], 'org.made'],
  ['nearly all', [...many('org/made', 9), ...many('shaded/x', 1)], 'org.made'],
  ['too many others', [...many('org/made', 3), ...many('com/other', 3)], ''],
  [
    'what was put inside under another name',
    [...many('shadow/com/other', 30), ...many('org/made', 3)],
    'org.made',
  ],
  ['nothing else', many('shaded/com/other', 3), 'shaded.com.other'],
  ['nothing that counts', ['A.class', 'META-INF/versions/9/org/made/A.class', 'module-info.class'], ''],
  ['nothing', [], ''],
  [
    // A library of Kotlin for several platforms, without classes.
    'declarations',
    [
      'commonMain/default/linkdata/package_org/0_org.knm',
      'commonMain/default/linkdata/package_org.made/0_made.knm',
      'commonMain/default/linkdata/package_org.made.a/0_a.knm',
      'commonMain/default/linkdata/package_org.made.b/0_b.knm',
    ],
    'org.made',
  ],
  [
    'declarations beside classes',
    ['commonMain/default/linkdata/package_org.made/0_made.knm', ...many('com/other', 1)],
    'com.other',
  ],
])('%s', (_, names, expected) => {
  expect(packageRoot(names)).toBe(expected)
})
