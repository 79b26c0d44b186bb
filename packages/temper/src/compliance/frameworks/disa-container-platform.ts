import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const disaContainer: Framework = {
  id: 'disa-ctr-srg',
  title: 'DISA Container Platform Security Requirements Guide, as far as an image is concerned',
  version: 'V1R3 (27 Jan 2022)',
  source: {
    document: 'Container Platform Security Requirements Guide',
    publisher: 'Defense Information Systems Agency',
    machineReadable:
      'repository ComplianceAsCode/content at b3a2cca (BSD-3-Clause), shared/references/disa-ctr-srg-v1r3.xml',
  },
  controls: [
    {
      id: 'SRG-APP-000131-CTR-000285',
      title: 'The container platform must verify container images.',
      rules: [...groups.signature],
      rest: 'verify images where they are pulled',
    },
    {
      id: 'SRG-APP-000141-CTR-000320',
      title:
        'The container platform registry must contain only container images for those capabilities being offered by the container platform.',
      rules: [],
      rest: 'look at what else the registry holds',
    },
    {
      id: 'SRG-APP-000171-CTR-000435',
      title:
        'For container platform using password authentication, the application must store only cryptographic representations of passwords.',
      rules: ['account'],
    },
    {
      id: 'SRG-APP-000342-CTR-000775',
      title: 'Container images instantiated by the container platform must execute using least privileges.',
      rules: ['root-user', 'setuid'],
      rest: 'give the container no more rights where it runs',
    },
    {
      id: 'SRG-APP-000383-CTR-000910',
      title:
        'All non-essential, unnecessary, and unsecure DoD ports, protocols, and services must be disabled in the container platform.',
      rules: [...groups.configuration],
      rest: 'disable what is not needed in the platform',
    },
    {
      id: 'SRG-APP-000454-CTR-001110',
      title: 'The container platform must remove old components after updated versions have been installed.',
      rules: ['hidden-bytes'],
      rest: 'remove old components of the platform',
    },
    {
      id: 'SRG-APP-000456-CTR-001125',
      title:
        'The container platform registry must contain the latest images with most recent updates and execute within the container platform runtime as authorized by IAVM, CTOs, DTMs, and STIGs.',
      rules: [...groups.vulnerabilities, ...groups.support],
      rest: 'run the newest image',
    },
    {
      id: 'SRG-APP-000516-CTR-001335',
      title:
        'The container platform must continuously scan components, containers, and images for vulnerabilities.',
      rules: [...groups.vulnerabilities],
      rest: 'scan all of the platform continuously',
    },
    {
      id: 'SRG-APP-000645-CTR-001410',
      title:
        'The container platform must prohibit or restrict the use of protocols that transmit unencrypted authentication information or use flawed cryptographic algorithms for transmission.',
      rules: [...groups.crypto],
      rest: 'restrict the protocols of the platform',
    },
    {
      id: 'SRG-APP-000635-CTR-001405',
      title:
        'The container platform must use a FIPS-validated cryptographic module to implement encryption services for unclassified information requiring confidentiality.',
      rules: [...groups.fips],
      rest: 'show which validated modules are used',
      applies: 'claims-fips',
    },
  ],
}
