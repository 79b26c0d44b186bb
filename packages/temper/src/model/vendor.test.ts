import { describe, expect, it } from 'vitest'
import { namespaceVendor, vendorNamespace, vendorOf } from './vendor.ts'

const debian = { id: 'debian', version: '12' }
const rhel = { id: 'rhel', version: '9.4' }

describe('vendorOf', () => {
  // Versions as vendors' archives have them.
  it.each([
    ['22.12.0-1nodesource1', 'NodeSource'],
    ['16.4-1.pgdg120+1', 'PostgreSQL'],
    ['8.3.14-1+0~20241121.47+debian12~1.gbp2b2d2b+deb.sury.org+1', 'Sury'],
    ['1:11.4.4+maria~deb12', 'MariaDB'],
    ['5:27.3.1-1~debian.12~bookworm', 'Docker'],
    ['5:27.3.1-1~ubuntu.22.04~jammy', 'Docker'],
    ['8.0.40-1debian12', 'MySQL'],
    ['1.26.2-1~bookworm', 'another archive'],
    ['3.12.7-1+jammy1', 'another archive'],
    ['2.46.0-0ppa1~ubuntu22.04.1', undefined],
    ['1:2.47.1-0ppa1', 'PPA'],
    ['4.1.0~ppa1', 'PPA'],
  ])('knows %s as of %s', (version, vendor) => {
    expect(vendorOf({ type: 'deb', version }, debian)).toBe(vendor)
  })

  // Versions of Debian and Ubuntu that look a little like those.
  it.each([
    '3.0.15-1~deb12u1',
    '6.1.119-1',
    '1.4.0.10.debian.1-3+b1',
    '2.6+debian.4-4',
    '246.10-1debian1',
    '0.0~git20150307.0.fc89ed2-6',
    '10.11.6-0+deb12u1',
    '1:9.6p1-3ubuntu13.5',
    '3.0.2-0ubuntu1.18',
    '5.15.0-91.101~20.04.1',
    '2.61.3+22.04',
    '6.12.41+bpo12+1',
    '229-4ubuntu21.31+esm1',
  ])("takes %s for the distribution's own", (version) => {
    const supplier = 'Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>'
    const files = ['usr/bin/x', 'usr/share/doc/opt/x', 'opt']
    expect(vendorOf({ type: 'deb', version, supplier, files }, debian)).toBeUndefined()
  })

  it.each([
    ['Docker <support@docker.com>', 'Docker'],
    ['GitLab, Inc. <support@gitlab.com>', 'GitLab'],
    ['A Person <a@dev.microsoft.com>', 'Microsoft'],
    ['NodeSource (x@nodesource.com)', 'NodeSource'],
    ['A Person <a@notdocker.com>', undefined],
    ['A Person <docker.com@debian.org>', undefined],
  ])('knows the maintainer %s as of %s', (supplier, vendor) => {
    expect(vendorOf({ type: 'deb', version: '1.0', supplier }, debian)).toBe(vendor)
  })

  it('knows files where distributions put none', () => {
    const made = (files: readonly string[]) => vendorOf({ type: 'deb', version: '1.0', files }, debian)
    expect(made(['opt/tool/bin/tool'])).toBe('another vendor')
    expect(made(['usr/local/bin/tool'])).toBe('another vendor')
    expect(made(['usr/bin/tool'])).toBeUndefined()
  })

  it.each([
    ['rhel', 'Red Hat, Inc.', undefined],
    ['rhel', 'Fedora Project', 'Fedora Project'],
    ['centos', 'Red Hat, Inc.', undefined],
    ['rocky', 'Rocky Enterprise Software Foundation', undefined],
    ['almalinux', 'AlmaLinux', undefined],
    ['sles', 'SUSE LLC <https://www.suse.com/>', undefined],
    ['opensuse-leap', 'openSUSE', undefined],
    ['azurelinux', 'Microsoft Corporation', undefined],
    ['rhel', 'Microsoft Corporation', 'Microsoft Corporation'],
    ['unheard', 'Anybody', undefined],
  ])('tells by the Vendor of RPM: on %s, %s', (id, supplier, vendor) => {
    expect(vendorOf({ type: 'rpm', version: '1-1.el9', supplier }, { id, version: '9' })).toBe(vendor)
    expect(vendorOf({ type: 'rpm', version: '1-1.el9' }, { id, version: '9' })).toBeUndefined()
  })

  it('knows marks in versions of RPMs', () => {
    expect(vendorOf({ type: 'rpm', version: '16.4-1PGDG.rhel9' }, rhel)).toBe('PostgreSQL')
    expect(vendorOf({ type: 'rpm', version: '8.3.14-1.el9.remi' }, rhel)).toBe('Remi')
  })

  it('asks nobody about packages of languages', () => {
    expect(vendorOf({ type: 'npm', version: '1.0-bookworm' }, debian)).toBeUndefined()
  })
})

describe('namespaces of package URLs', () => {
  it.each([
    ['NodeSource', 'nodesource'],
    ['Fedora Project', 'fedora'],
    ['GitLab, Inc.', 'gitlab'],
    ['another vendor', 'another-vendor'],
    ['!!!', 'vendor'],
  ])('%s is written as %s', (vendor, namespace) => {
    expect(vendorNamespace(vendor)).toBe(namespace)
  })

  it('name a vendor where they name no distribution', () => {
    expect(['debian', 'Debian', 'redhat', 'opensuse', undefined].map(namespaceVendor)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
    expect(namespaceVendor('nodesource')).toBe('nodesource')
  })
})
