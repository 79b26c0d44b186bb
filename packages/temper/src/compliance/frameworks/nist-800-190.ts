import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const nist800190: Framework = {
  id: 'nist-sp-800-190',
  title: 'NIST SP 800-190, Application Container Security Guide: image countermeasures',
  version: 'September 2017',
  source: {
    document: 'NIST Special Publication 800-190',
    publisher: 'National Institute of Standards and Technology',
    machineReadable:
      'repository stackrox/stackrox at 2e5aa27 (Apache-2.0), central/compliance/standards/metadata/nist_800_190.go',
  },
  controls: [
    {
      id: '4.1.1',
      title: 'Image Vulnerabilities',
      rules: [...groups.vulnerabilities],
      rest: 'scan throughout the life of the image, and act on what is found',
    },
    {
      id: '4.1.2',
      title: 'Image configuration defects',
      rules: ['root-user', 'setuid', 'shell', 'package-manager', 'world-writable', ...groups.configuration],
      rest: 'enforce it where images run',
    },
    {
      id: '4.1.3',
      title: 'Embedded malware',
      rules: [...groups.malware],
      rest: 'monitor images for malware: known malicious packages are compared, other malware is not looked for',
    },
    {
      id: '4.1.4',
      title: 'Embedded clear text secrets',
      rules: [...groups.secrets],
      rest: 'give secrets to containers at run time',
    },
    {
      id: '4.1.5',
      title: 'Use of untrusted images',
      rules: [...groups.signature, ...groups.provenance],
      rest: 'let only images run that a trusted signer vouches for',
    },
  ],
}
