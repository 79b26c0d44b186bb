import { describe, expect, it } from 'vitest'
import { debianInstallOnly } from './install-only.ts'

const relaxedBy = (name: string, neededBy = 'a') => debianInstallOnly(name, neededBy)?.relaxedBy

describe('debianInstallOnly', () => {
  it.each([
    'debconf',
    'cdebconf-text-udeb',
    'dbconfig-mysql',
    'adduser',
    'passwd',
    'base-passwd',
    'init-system-helpers',
    'ucf',
    'sysvinit-utils',
    'lsb-base',
    'usrmerge',
    'sensible-utils',
    'debianutils',
    'systemd',
    'cron',
    'logrotate',
    'ssl-cert',
  ])('leaves out %s, and nothing relaxes it', (name) => {
    expect(debianInstallOnly(name, 'a')?.reason).toMatch(/^[a-z][^.]+$/)
    expect(relaxedBy(name)).toBeUndefined()
  })

  it.each([
    ['bash', 'shell'],
    ['busybox', 'shell'],
    ['mawk', 'shell'],
    ['dpkg', 'package-manager'],
    ['apt', 'package-manager'],
    ['gcc', 'compiler'],
    ['gcc-14', 'compiler'],
    ['g++-12-aarch64-linux-gnu', 'compiler'],
    ['cpp-14-x86-64-linux-gnu', 'compiler'],
    ['clang-19', 'compiler'],
    ['golang-1.24-go', 'compiler'],
    ['binutils', 'compiler'],
    ['locales', 'locales'],
    ['git-man', 'documentation'],
    ['python3-doc', 'documentation'],
  ])('leaves out %s unless the recipe relaxes "%s"', (name, rule) => {
    expect(relaxedBy(name)).toBe(rule)
  })

  it.each([
    'libc6',
    'base-files',
    'netbase',
    'tzdata',
    'media-types',
    'ca-certificates',
    'ca-certificates-java',
    'gcc-14-base',
    'libgcc-s1',
    'libllvm19',
    'openssl',
    'util-linux',
    'perl-base',
    'python3',
    'readline-common',
    'libpam0g',
    'man',
    'libcpp',
    'procps',
    'iproute2',
    'postgresql-common',
  ])('keeps %s', (name) => {
    expect(debianInstallOnly(name, 'a')).toBeUndefined()
  })

  it.each([
    ['openssl', 'ca-certificates'],
    ['iproute2', 'nginx'],
    ['util-linux', 'openjdk-21-jre-headless'],
    ['util-linux', 'openjdk-17-jre-headless'],
    ['postgresql-common', 'postgresql-17'],
    ['postgresql-client-common', 'postgresql-client-15'],
    ['procps', 'php8.4-fpm'],
    ['psmisc', 'php-common'],
  ])('leaves out %s when only %s needs it', (name, neededBy) => {
    expect(debianInstallOnly(name, neededBy)).toBeDefined()
    expect(debianInstallOnly(name, `${neededBy}-x`)).toBeUndefined()
  })
})
