import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const soc2: Framework = {
  id: 'soc2',
  title: 'SOC 2: common criteria, as far as an image is concerned',
  version: '2017 with revised points of focus 2022',
  source: {
    document: 'TSP Section 100, 2017 Trust Services Criteria',
    publisher: 'American Institute of Certified Public Accountants',
  },
  controls: [
    {
      id: 'CC6.1',
      rules: ['root-user', 'setuid', ...groups.secrets],
      rest: 'restrict access to the systems around it',
    },
    { id: 'CC6.3', rules: ['root-user', 'ownership'], rest: 'authorise access by role' },
    {
      id: 'CC6.6',
      rules: [...groups.daemons, ...groups.configuration],
      rest: 'protect the boundaries of the system',
    },
    {
      id: 'CC6.8',
      rules: ['package-manager', ...groups.signature, ...groups.malware],
      rest: 'detect and act upon unauthorised software',
    },
    {
      id: 'CC7.1',
      rules: [...groups.vulnerabilities],
      rest: 'monitor configurations and new vulnerabilities',
    },
    { id: 'CC7.2', rules: [], rest: 'monitor the running system' },
    { id: 'CC7.4', rules: [], rest: 'respond to incidents' },
    {
      id: 'CC8.1',
      rules: [...groups.provenance, ...groups.sbom],
      rest: 'authorise, test and approve changes',
    },
  ],
}
