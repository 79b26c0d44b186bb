import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const pciDss: Framework = {
  id: 'pci-dss-4',
  title: 'PCI DSS requirements, as far as an image is concerned',
  version: '4.0.1',
  source: {
    document: 'Payment Card Industry Data Security Standard',
    publisher: 'PCI Security Standards Council',
    machineReadable: 'repository ComplianceAsCode/content at b3a2cca (BSD-3-Clause), controls/pcidss_4.yml',
  },
  controls: [
    {
      id: '2.2.2',
      title: 'Vendor default accounts are managed.',
      rules: ['account'],
      rest: 'manage the accounts of applications',
    },
    {
      id: '2.2.4',
      title:
        'Only necessary services, protocols, daemons, and functions are enabled, and all unnecessary functionality is removed or disabled',
      rules: ['shell', 'package-manager', 'compiler', ...groups.tools, ...groups.configuration],
    },
    {
      id: '2.2.5',
      title:
        'If any insecure services, protocols, or daemons are present, business justification is documented and the risk is reduced.',
      rules: [...groups.daemons],
      rest: 'justify what is insecure and stays',
    },
    {
      id: '2.2.6',
      title: 'System security parameters are configured to prevent misuse.',
      rules: ['root-user', 'world-writable', ...groups.configuration],
      rest: 'configure the application',
    },
    {
      id: '5.2.1',
      title:
        'An anti-malware solution(s) is deployed on all system components, except for those system components identified in periodic evaluations per Requirement 5.2.3 that concludes the system components are not at risk from malware.',
      rules: [...groups.malware],
      rest: 'decide whether containers are at risk from malware',
    },
    {
      id: '6.3.1',
      title: 'Security vulnerabilities are identified and managed',
      rules: [...groups.vulnerabilities],
      rest: 'rank and manage what is found',
    },
    {
      id: '6.3.2',
      title:
        'An inventory of bespoke and custom software, and third-party software components incorporated into bespoke and custom software is maintained to facilitate vulnerability and patch management.',
      rules: [...groups.sbom],
      rest: 'add your own software to the inventory',
    },
    {
      id: '6.3.3',
      title:
        'All system components are protected from known vulnerabilities by installing applicable security patches/updates.',
      rules: [...groups.vulnerabilities, ...groups.support],
      rest: 'install critical updates within a month of release',
    },
    {
      id: '7.2.2',
      title:
        'Access is assigned to users, including privileged users, based on job classification and function, and least privileges necessary to perform job responsibilities.',
      rules: ['root-user', 'setuid'],
      rest: 'assign access by job',
    },
    {
      id: '8.3.2',
      title:
        'Strong cryptography is used to render all authentication factors unreadable during transmission and storage on all system components.',
      rules: ['account', ...groups.secrets],
      rest: 'encrypt what is transmitted',
    },
    {
      id: '8.6.2',
      title:
        'Passwords/passphrases for any application and system accounts that can be used for interactive login are not hard coded in scripts, configuration/property files, or bespoke and custom source code.',
      rules: [...groups.secrets],
      rest: 'look at your own sources',
    },
    {
      id: '11.3.1',
      title: 'Internal vulnerability scans are performed.',
      rules: [...groups.vulnerabilities],
      rest: 'scan at least every three months',
    },
    {
      id: '11.5.2',
      title: 'A change-detection mechanism (for example, file integrity monitoring tools) is deployed.',
      rules: [...groups.owned],
      rest: 'detect changes where it runs: a read-only root',
    },
    {
      id: '12.3.3',
      title:
        'Cryptographic cipher suites and protocols in use are documented and reviewed at least once every 12 months.',
      rules: [...groups.crypto],
      rest: 'review ciphers and protocols every 12 months',
    },
  ],
}
