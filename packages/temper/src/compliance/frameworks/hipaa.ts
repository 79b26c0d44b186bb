import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const hipaa: Framework = {
  id: 'hipaa',
  title: 'HIPAA Security Rule, technical safeguards, as far as an image is concerned',
  version: '45 CFR Part 164, Subpart C',
  source: {
    document: '45 CFR Part 164, Subpart C',
    publisher: 'US Department of Health and Human Services',
    machineReadable: 'repository ComplianceAsCode/content at b3a2cca (BSD-3-Clause), controls/hipaa.yml',
  },
  controls: [
    {
      id: '164.308(a)(1)(ii)(B)',
      title: 'Risk management',
      rules: [...groups.vulnerabilities],
      rest: 'manage risks of the whole organisation',
    },
    {
      id: '164.308(a)(5)(ii)(B)',
      title: 'Protection from malicious software',
      rules: [...groups.malware],
      rest: 'guard against, detect and report malicious software',
    },
    {
      id: '164.312(a)(1)',
      title: 'Access Control',
      rules: ['root-user', 'setuid', 'ownership'],
      rest: 'let only those in who have access rights',
    },
    {
      id: '164.312(a)(2)(i)',
      title: 'Unique user identification',
      rules: [],
      rest: 'give people and systems names of their own',
    },
    {
      id: '164.312(a)(2)(iv)',
      title: 'Encryption and decryption',
      rules: [...groups.crypto],
      rest: 'encrypt stored health information',
    },
    {
      id: '164.312(b)',
      title: 'Audit controls.',
      rules: [],
      rest: 'record and examine activity where it runs',
    },
    {
      id: '164.312(c)(1)',
      title: 'Integrity.',
      rules: [...groups.owned, ...groups.signature],
      rest: 'protect health information itself',
    },
    { id: '164.312(d)', title: 'Person or entity authentication.', rules: [], rest: 'verify who asks' },
    {
      id: '164.312(e)(1)',
      title: 'Transmission security.',
      rules: [...groups.crypto],
      rest: 'guard what is transmitted',
    },
    {
      id: '164.312(e)(2)(ii)',
      title: 'Encryption',
      rules: [...groups.crypto],
      rest: 'encrypt what is transmitted',
    },
  ],
}
