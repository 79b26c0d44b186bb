import { describe, expect, test } from 'vitest'
import { ubuntuSource } from './source-package.ts'

describe('what a package of Ubuntu was built from, by its name', () => {
  test.each([
    ['libssl3t64', '3.0.13', 'openssl'],
    ['libc6', '2.39', 'glibc'],
    ['zlib1g', '1.3', 'zlib'],
    ['libpython3.12-minimal', '3.12.3', 'python3.12'],
    ['python3.12-minimal', '3.12.3', 'python3.12'],
    ['python3.12', '3.12.3', undefined],
    ['openjdk-21-jre-headless', '21.0.4', 'openjdk-21'],
    ['dotnet8', '8.0', undefined],
    ['aspnetcore-runtime-8.0', '8.0', 'aspnetcore'],
    ['libgcc-s1', '14.2.0-4ubuntu2~24.04', 'gcc-14'],
    ['gcc-14-base', '14.2.0-4ubuntu2~24.04', 'gcc-14'],
    ['libxml2', '2.9.14', undefined],
    ['libgcrypt20', '1.10.3', undefined],
    ['base-files', '13ubuntu10', undefined],
    ['constructor', '1', undefined],
  ])('%s %s: %s', (name, version, expected) => {
    expect(ubuntuSource(name, version)).toBe(expected)
  })
})
