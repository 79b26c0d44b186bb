import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const cisDocker: Framework = {
  id: 'cis-docker',
  title: 'CIS Docker Benchmark, section 4: container images and build files',
  version: '1.6.0',
  source: {
    document: 'CIS Docker Benchmark',
    publisher: 'Center for Internet Security',
    machineReadable:
      'repository aquasecurity/trivy-checks at 80e5382 (Apache-2.0), pkg/compliance/docker-cis-1.6.0.yaml: the newest edition that exists in machine-readable form',
  },
  controls: [
    { id: '4.1', title: 'Ensure a user for the container has been created', rules: ['root-user'] },
    {
      id: '4.2',
      title: 'Ensure that containers use only trusted base images (Manual)',
      rules: [...groups.provenance],
      rest: 'say which base images are trusted, and that this is one of them',
    },
    {
      id: '4.3',
      title: 'Ensure unnecessary packages are not installed in the container (Manual)',
      rules: [...groups.tools],
      rest: 'say why each package that stays is needed',
    },
    {
      id: '4.4',
      title: 'Ensure images are scanned and rebuilt to include security patches',
      rules: [...groups.vulnerabilities],
      rest: 'rebuild as advisories appear, and show that it is done',
    },
    {
      id: '4.5',
      title: 'Ensure Content trust for Docker is Enabled (Manual)',
      rules: [...groups.signature],
      rest: 'have whoever pulls the image verify signatures',
    },
    {
      id: '4.6',
      title: 'Ensure HEALTHCHECK instructions have been added to the container image',
      rules: [...groups.healthcheck],
      rest: 'say how the container is known to be well, where the platform does not probe it',
      applies: 'declares-ports',
      strict: true,
    },
    {
      id: '4.7',
      title: 'Ensure update instructions are not used alone in the Dockerfile',
      rules: ['update-alone'],
      faultsOnly: true,
      strict: true,
      rest: 'look at the Dockerfile: the history of an image may lack instructions',
    },
    {
      id: '4.8',
      title: 'Ensure setuid and setgid permissions are removed in the images (Manual)',
      rules: ['setuid'],
    },
    {
      id: '4.9',
      title: 'Ensure COPY is used instead of ADD',
      rules: [],
      rest: 'look at the Dockerfile: the finished image does not tell',
    },
    {
      id: '4.10',
      title: 'Ensure secrets are not stored in Dockerfiles',
      rules: [...groups.secrets],
      rest: 'look at the Dockerfile itself',
    },
    {
      id: '4.11',
      title: 'Ensure only verified packages are installed (Manual)',
      rules: [...groups.owned],
      rest: 'show that packages were verified while they were installed',
    },
    {
      id: '4.12',
      title: 'Ensure all signed artifacts are validated (Manual)',
      rules: [...groups.signature],
      rest: 'have signatures of artifacts checked where they are used',
    },
  ],
}
