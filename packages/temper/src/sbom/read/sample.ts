/** Small documents in the manner of the tools that write such, for tests. All of it is made up. */

export const cycloneDxOfTrivy = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: {
    timestamp: '2026-01-02T03:04:05+00:00',
    component: { 'bom-ref': 'root', type: 'container', name: 'team/app:1' },
  },
  components: [
    {
      'bom-ref': 'os',
      type: 'operating-system',
      name: 'redhat',
      version: '9.4',
      properties: [{ name: 'aquasecurity:trivy:Class', value: 'os-pkgs' }],
    },
    {
      'bom-ref': 'lock',
      type: 'application',
      name: 'app/package-lock.json',
      properties: [
        { name: 'aquasecurity:trivy:Class', value: 'lang-pkgs' },
        { name: 'aquasecurity:trivy:Type', value: 'npm' },
      ],
    },
    {
      'bom-ref': 'bash',
      type: 'library',
      supplier: { name: 'Red Hat, Inc.' },
      name: 'bash',
      version: '5.1.8-6.el9',
      licenses: [{ license: { id: 'GPL-3.0-or-later' } }],
      purl: 'pkg:rpm/redhat/bash@5.1.8-6.el9?arch=x86_64&distro=redhat-9.4&epoch=1',
      properties: [
        { name: 'aquasecurity:trivy:SrcName', value: 'bash-source' },
        { name: 'aquasecurity:trivy:SrcVersion', value: '5.1.8' },
        { name: 'aquasecurity:trivy:SrcRelease', value: '6.el9' },
        { name: 'aquasecurity:trivy:SrcEpoch', value: '2' },
      ],
    },
    {
      'bom-ref': 'babel',
      type: 'library',
      group: '@babel',
      name: 'core',
      version: '7.0.0',
      purl: 'pkg:npm/%40babel/core@7.0.0',
    },
    { 'bom-ref': 'key', type: 'cryptographic-asset', name: 'key' },
  ],
  dependencies: [
    { ref: 'root', dependsOn: ['os', 'lock'] },
    { ref: 'os', dependsOn: ['bash'] },
    { ref: 'lock', dependsOn: ['babel'] },
    { ref: 'bash', dependsOn: ['babel', 'nowhere'] },
  ],
}

export const cycloneDxXmlOfSyft = `<?xml version="1.0" encoding="UTF-8"?>
<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.4" version="1">
  <c:metadata>
    <c:component bom-ref="r" type="container"><c:name>app</c:name><c:version>sha256:${'a'.repeat(64)}</c:version></c:component>
  </c:metadata>
  <c:components>
    <c:component bom-ref="b" type="library">
      <c:publisher>LaMont &lt;lamont@example.org&gt;</c:publisher>
      <c:name>bsdutils</c:name>
      <c:version>1:2.29</c:version>
      <c:licenses>
        <c:expression>MIT OR ISC</c:expression>
        <c:license><c:id>GPL-2.0-only</c:id></c:license>
        <c:license><c:name><![CDATA[own & words]]></c:name></c:license>
      </c:licenses>
      <c:purl>pkg:deb/debian/bsdutils@1:2.29?arch=amd64&amp;upstream=util-linux%402.29&amp;distro=debian-9</c:purl>
      <c:properties>
        <c:property name="syft:location:0:path">/usr/share/doc/bsdutils/copyright</c:property>
        <c:property name="syft:location:1:path">/var/lib/dpkg/status</c:property>
        <c:property name="syft:metadata:source">util-linux</c:property>
        <c:property name="syft:metadata:sourceVersion">2.29</c:property>
      </c:properties>
    </c:component>
    <c:component type="operating-system">
      <c:name></c:name>
      <c:version>9</c:version>
      <c:description>Debian 9</c:description>
      <c:properties>
        <c:property name="syft:distro:id">debian</c:property>
        <c:property name="syft:distro:versionCodename">stretch</c:property>
      </c:properties>
    </c:component>
  </c:components>
</c:bom>`

const purl = (referenceLocator: string) => ({
  referenceCategory: 'PACKAGE_MANAGER',
  referenceType: 'purl',
  referenceLocator,
})

export const spdxOfSyft = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'document',
  packages: [
    {
      SPDXID: 'SPDXRef-image',
      name: 'app',
      versionInfo: '1',
      externalRefs: [purl(`pkg:oci/app@sha256:${'b'.repeat(64)}?arch=arm64`)],
    },
    {
      SPDXID: 'SPDXRef-base',
      name: 'base',
      externalRefs: [purl('pkg:oci/base@sha256:00')],
    },
    {
      SPDXID: 'SPDXRef-alternatives',
      name: 'alternatives',
      versionInfo: '1.33',
      supplier: 'Organization: Fedora Project',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: 'GPL-2.0-only',
      sourceInfo: 'acquired package info from RPM DB: /usr/lib/sysimage/rpm/rpmdb.sqlite',
      externalRefs: [
        { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:x' },
        purl(
          'pkg:rpm/fedora/alternatives@1.33-2.fc43?arch=aarch64&distro=fedora-44&upstream=chkconfig-1.33-2.fc43.src.rpm',
        ),
      ],
    },
    {
      SPDXID: 'SPDXRef-asm',
      name: 'cmd/asm',
      versionInfo: 'UNKNOWN',
      externalRefs: [purl('pkg:golang/cmd/asm')],
    },
  ],
  relationships: [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-image' },
    { spdxElementId: 'SPDXRef-image', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-asm' },
    {
      spdxElementId: 'SPDXRef-asm',
      relationshipType: 'DEPENDENCY_OF',
      relatedSpdxElement: 'SPDXRef-alternatives',
    },
    { spdxElementId: 'SPDXRef-asm', relationshipType: 'OTHER', relatedSpdxElement: 'SPDXRef-alternatives' },
  ],
}

export const spdxOfTrivy = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'app.tar',
  packages: [
    { SPDXID: 'SPDXRef-ContainerImage-1', name: 'app.tar', primaryPackagePurpose: 'CONTAINER' },
    {
      SPDXID: 'SPDXRef-OperatingSystem-2',
      name: 'debian',
      versionInfo: '12.5',
      primaryPackagePurpose: 'OPERATING-SYSTEM',
    },
    { SPDXID: 'SPDXRef-Application-3', name: 'app/package-lock.json', primaryPackagePurpose: 'APPLICATION' },
    {
      SPDXID: 'SPDXRef-Package-4',
      name: 'libssl3',
      versionInfo: '3.0.11-1',
      sourceInfo: 'built package from: openssl 3.0.11-1~deb12',
      externalRefs: [purl('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.5')],
    },
    {
      SPDXID: 'SPDXRef-Package-5',
      name: 'express',
      versionInfo: '4.0.0',
      externalRefs: [purl('pkg:npm/express@4.0.0')],
    },
    { SPDXID: 'SPDXRef-Source-6', name: 'openssl', versionInfo: '0', primaryPackagePurpose: 'SOURCE' },
  ],
  relationships: [
    {
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: 'SPDXRef-ContainerImage-1',
    },
    {
      spdxElementId: 'SPDXRef-Application-3',
      relationshipType: 'CONTAINS',
      relatedSpdxElement: 'SPDXRef-Package-5',
    },
    {
      spdxElementId: 'SPDXRef-Package-4',
      relationshipType: 'GENERATED_FROM',
      relatedSpdxElement: 'SPDXRef-Source-6',
    },
  ],
}

export const spdxTagValue = `# a comment
SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: app
Creator: Tool: something
Created: 2026-01-02T03:04:05Z
DocumentComment: <text>Several lines,
PackageName: not a package
of text.</text>

PackageName: requests
SPDXID: SPDXRef-requests
PackageVersion: 2.31.0
PackageLicenseConcluded: Apache-2.0
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/requests@2.31.0

FileName: ./opt/requests.py
SPDXID: SPDXRef-file
FileChecksum: SHA1: ${'0'.repeat(40)}
FileChecksum: SHA256: ${'d'.repeat(64)}

PackageName: urllib3
SPDXID: SPDXRef-urllib3
PackageVersion: 2.0.0
PackageLicenseDeclared: MIT
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/urllib3@2.0.0

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-requests
Relationship: SPDXRef-requests DEPENDS_ON SPDXRef-urllib3
`

export const spdxThree = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    { type: 'CreationInfo', '@id': '_:creation', specVersion: '3.0.1', created: '2026-01-02T03:04:05Z' },
    { type: 'SpdxDocument', spdxId: 'urn:document', name: 'app', rootElement: ['urn:image'] },
    { type: 'Organization', spdxId: 'urn:someone', name: 'Someone' },
    { type: 'software_Package', spdxId: 'urn:image', name: 'app', software_primaryPurpose: 'container' },
    {
      type: 'software_Package',
      spdxId: 'urn:zlib',
      name: 'zlib',
      software_packageVersion: '1.3',
      software_packageUrl: 'pkg:apk/alpine/zlib@1.3',
      suppliedBy: 'urn:someone',
    },
    {
      type: 'software_File',
      spdxId: 'urn:file',
      name: '/lib/libz.so',
      verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: 'e'.repeat(64) }],
    },
    {
      type: 'simplelicensing_LicenseExpression',
      spdxId: 'urn:licence',
      simplelicensing_licenseExpression: 'Zlib',
    },
    { type: 'Relationship', from: 'urn:image', relationshipType: 'contains', to: ['urn:zlib'] },
    { type: 'Relationship', from: 'urn:zlib', relationshipType: 'contains', to: ['urn:file'] },
    { type: 'Relationship', from: 'urn:zlib', relationshipType: 'hasDeclaredLicense', to: ['urn:licence'] },
  ],
}

export const syftJson = {
  artifacts: [
    {
      id: '1',
      name: 'libc-utils',
      version: '0.7.2-r3',
      type: 'apk',
      locations: [{ path: '/lib/apk/db/installed', layerID: 'sha256:00' }],
      licenses: ['BSD-2-Clause', 'BSD-3-Clause'],
      purl: 'pkg:apk/alpine/libc-utils@0.7.2-r3?arch=x86_64&upstream=libc-dev&distro=alpine-3.16.3',
      metadata: { originPackage: 'libc-dev', architecture: 'x86_64', maintainer: 'Someone <a@example.org>' },
    },
    {
      id: '2',
      name: 'left-pad',
      version: '1.0.0',
      type: 'npm',
      locations: [],
      licenses: [{ value: 'WTFPL', spdxExpression: 'WTFPL', type: 'declared' }],
      purl: 'pkg:npm/left-pad@1.0.0',
    },
  ],
  artifactRelationships: [
    { parent: '2', child: '1', type: 'dependency-of' },
    { parent: '2', child: '3', type: 'contains' },
  ],
  files: [
    {
      id: '3',
      location: { path: '/app/index.js' },
      metadata: { size: 12 },
      digests: [
        { algorithm: 'sha256', value: '1'.repeat(64) },
        { algorithm: 'sha1', value: '2'.repeat(40) },
      ],
    },
    { id: '4', location: { path: '/app' } },
  ],
  source: {
    name: 'app',
    type: 'image',
    metadata: { userInput: 'app:1', manifestDigest: `sha256:${'f'.repeat(64)}`, architecture: 'amd64' },
  },
  distro: { id: 'alpine', versionID: '3.16.3', prettyName: 'Alpine Linux v3.16' },
  descriptor: { name: 'syft', version: '1.29.0' },
  schema: { version: '16.0.3' },
}
