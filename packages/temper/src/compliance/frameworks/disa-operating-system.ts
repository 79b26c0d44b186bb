import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const disaOs: Framework = {
  id: 'disa-gpos-srg',
  title: 'DISA General Purpose Operating System Security Requirements Guide, as far as an image is concerned',
  version: 'V3R2 (30 Jan 2025)',
  source: {
    document: 'General Purpose Operating System Security Requirements Guide',
    publisher: 'Defense Information Systems Agency',
    machineReadable:
      'repository ComplianceAsCode/content at b3a2cca (BSD-3-Clause), shared/references/disa-os-srg-v3r2.xml',
  },
  controls: [
    {
      id: 'SRG-OS-000073-GPOS-00041',
      title: 'The operating system must store only encrypted representations of passwords.',
      rules: ['account'],
    },
    {
      id: 'SRG-OS-000095-GPOS-00049',
      title: 'The operating system must be configured to disable non-essential capabilities.',
      rules: ['shell', 'package-manager', 'compiler', 'device', ...groups.tools],
    },
    {
      id: 'SRG-OS-000096-GPOS-00050',
      title:
        'The operating system must be configured to prohibit or restrict the use of functions, ports, protocols, and/or services, as defined in the PPSM CAL and vulnerability assessments.',
      rules: [...groups.configuration],
      rest: 'restrict ports and protocols where it runs',
    },
    {
      id: 'SRG-OS-000104-GPOS-00051',
      title:
        'The operating system must uniquely identify and must authenticate organizational users (or processes acting on behalf of organizational users).',
      rules: ['account'],
      rest: 'people are not users of a container',
    },
    {
      id: 'SRG-OS-000259-GPOS-00100',
      title:
        'The operating system must limit privileges to change software resident within software libraries.',
      rules: ['ownership', 'world-writable'],
    },
    {
      id: 'SRG-OS-000324-GPOS-00125',
      title:
        'The operating system must prevent nonprivileged users from executing privileged functions to include disabling, circumventing, or altering implemented security safeguards/countermeasures.',
      rules: ['setuid', 'root-user'],
    },
    {
      id: 'SRG-OS-000366-GPOS-00153',
      title:
        'The operating system must prevent the installation of patches, service packs, device drivers, or operating system components without verification they have been digitally signed using a certificate that is recognized and approved by the organization.',
      rules: ['package-manager', ...groups.signature],
      rest: 'let only verified images run',
    },
    {
      id: 'SRG-OS-000433-GPOS-00192',
      title:
        'The operating system must implement non-executable data to protect its memory from unauthorized code execution.',
      rules: ['executable-stack', ...groups.binaries],
      rest: 'keep the protections of the kernel on',
    },
    {
      id: 'SRG-OS-000433-GPOS-00193',
      title:
        'The operating system must implement address space layout randomization to protect its memory from unauthorized code execution.',
      rules: [...groups.pie],
      rest: 'keep the protections of the kernel on',
    },
    {
      id: 'SRG-OS-000437-GPOS-00194',
      title:
        'The operating system must remove all software components after updated versions have been installed.',
      rules: ['hidden-bytes'],
    },
    {
      id: 'SRG-OS-000439-GPOS-00195',
      title:
        'The operating system must install security-relevant software updates within the time period directed by an authoritative source (e.g., IAVM, CTOs, DTMs, and STIGs).',
      rules: [...groups.vulnerabilities, ...groups.support],
      rest: 'install updates within the times that you are directed to',
    },
    {
      id: 'SRG-OS-000478-GPOS-00223',
      title:
        'The operating system must implement NIST FIPS-validated cryptography for the following: to provision digital signatures, to generate cryptographic hashes, and to protect unclassified information requiring confidentiality and cryptographic protection in accordance with applicable federal laws, Executive Orders, directives, policies, regulations, and standards.',
      rules: [...groups.fips],
      rest: 'show which validated modules are used',
      applies: 'claims-fips',
    },
    {
      id: 'SRG-OS-000480-GPOS-00228',
      title:
        'The operating system must define default permissions for all authenticated users in such a way that the user can only read and modify their own files.',
      rules: ['world-writable', 'ownership'],
    },
    {
      id: 'SRG-OS-000775-GPOS-00230',
      title:
        'The operating system must include only approved trust anchors in trust stores or certificate stores managed by the organization.',
      rules: [...groups.certificates],
      rest: 'approve the trust anchors that the image has',
    },
  ],
}
