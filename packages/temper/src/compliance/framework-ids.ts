/** Ids of all frameworks, in the order of lists: what a command offers without reading them. */
export const frameworkIds = [
  'cis-docker',
  'nist-sp-800-190',
  'nist-800-53-r5',
  'fedramp-vdr',
  'fedramp-containers',
  'disa-ctr-srg',
  'disa-gpos-srg',
  'pci-dss-4',
  'soc2',
  'hipaa',
  'eu-cra',
] as const
