import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const fedramp: Framework = {
  id: 'fedramp-vdr',
  title: 'FedRAMP Vulnerability Detection and Response',
  version: '0.9.43-beta',
  source: {
    document: 'FedRAMP Vulnerability Detection and Response (VDR)',
    publisher: 'US General Services Administration',
    machineReadable: 'repository FedRAMP/docs at a06fa8f, FRMR.documentation.json, last updated 2026-04-08',
  },
  controls: [
    {
      id: 'VDR-CSO-DET',
      title: 'Vulnerability Detection',
      rules: [...groups.vulnerabilities],
      rest: 'discover vulnerabilities in everything else of the service',
    },
    {
      id: 'VDR-CSO-RES',
      title: 'Vulnerability Response',
      rules: [],
      rest: 'track, mitigate and report what is found',
    },
    {
      id: 'VDR-EVA-ELX',
      title: 'Evaluate Exploitability',
      rules: [],
      rest: 'say which vulnerabilities are likely to be exploited in the service: VEX is the place',
    },
    {
      id: 'VDR-EVA-EIR',
      title: 'Evaluate Internet-Reachability',
      rules: [],
      rest: 'say which are reached from the internet',
    },
    {
      id: 'VDR-EVA-EFP',
      title: 'Evaluate False Positives',
      rules: [],
      rest: 'say which are false: VEX is the place',
    },
    {
      id: 'VDR-BST-DFR',
      title: 'Design For Resilience',
      rules: ['shell', 'package-manager', 'compiler', 'root-user', 'setuid'],
      rest: 'decide on the design of the service',
    },
    {
      id: 'VDR-BST-DAC',
      title: 'Detect After Changes',
      rules: [...groups.vulnerabilities],
      rest: 'do it for every new image',
    },
    {
      id: 'VDR-BST-AKE',
      title: 'Avoid KEVs',
      rules: [...groups.exploited],
      rest: 'keep images with them from being deployed',
    },
    {
      id: 'VDR-TFR-KEV',
      title: 'Remediate KEVs',
      rules: [...groups.exploited],
      rest: 'keep the due dates of the catalogue',
    },
    {
      id: 'VDR-TFR-MAV',
      title: 'Mark Accepted Vulnerabilities',
      rules: [],
      rest: 'say what stays longer than 192 days, as an accepted vulnerability',
    },
    {
      id: 'VDR-TFR-PVR',
      title: 'Mitigation and Remediation Expectations',
      rules: [...groups.deadlines],
      rest: 'mitigate within the times for your level',
    },
    {
      id: 'VDR-RPT-PER',
      title: 'Persistent Reporting',
      rules: [],
      rest: 'report what was done since the last report',
    },
  ],
}
