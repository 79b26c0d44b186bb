import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

/** The document numbers none of its requirements in a machine-readable way: the ids are their order in it. */
export const fedrampContainers: Framework = {
  id: 'fedramp-containers',
  title: 'FedRAMP Vulnerability Scanning Requirements for Containers',
  version: '1.0 (March 2021)',
  source: {
    document: 'FedRAMP Vulnerability Scanning Requirements for Containers',
    publisher: 'US General Services Administration',
  },
  controls: [
    {
      id: '1',
      rules: ['root-user', 'setuid', 'shell', 'package-manager', 'world-writable', ...groups.configuration],
      rest: 'name the benchmark that the image is hardened by',
    },
    { id: '2', rules: [], rest: 'show the pipeline that builds, tests and deploys the image' },
    {
      id: '3',
      rules: [...groups.vulnerabilities],
      rest: 'scan before deployment, and at least every 30 days',
    },
    { id: '4', rules: [], rest: 'show the sensors beside running containers, where these are used' },
    { id: '5', rules: [], rest: 'show that the registry is monitored, and holds only scanned images' },
    { id: '6', rules: [...groups.sbom], rest: 'keep an identifier for each class of image' },
  ],
}
