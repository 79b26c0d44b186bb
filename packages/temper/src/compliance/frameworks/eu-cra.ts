import type { Framework } from '../../model/assess/compliance.ts'
import { groups } from '../groups.ts'

export const cra: Framework = {
  id: 'eu-cra',
  title: 'EU Cyber Resilience Act, Annex I, as far as an image is concerned',
  version: 'Regulation (EU) 2024/2847',
  source: { document: 'Regulation (EU) 2024/2847, Annex I', publisher: 'European Union' },
  controls: [
    {
      id: 'I-I-2-a',
      rules: [...groups.vulnerabilities, ...groups.exploited],
      rest: 'look for vulnerabilities of your own code',
    },
    {
      id: 'I-I-2-b',
      rules: ['root-user', 'account', 'world-writable', ...groups.configuration],
      rest: 'let users reset the product to its original state',
    },
    { id: 'I-I-2-c', rules: [...groups.support], rest: 'offer security updates, and make them known' },
    { id: 'I-I-2-d', rules: [], rest: 'control access to the product' },
    { id: 'I-I-2-e', rules: [...groups.secrets, ...groups.crypto], rest: 'protect the data of the product' },
    {
      id: 'I-I-2-f',
      rules: [...groups.signature, ...groups.owned],
      rest: 'protect stored and transmitted data against change',
    },
    { id: 'I-I-2-g', rules: [], rest: 'process no more data than is needed' },
    { id: 'I-I-2-h', rules: [], rest: 'keep essential functions available' },
    { id: 'I-I-2-i', rules: [], rest: 'keep the product from harming the services of others' },
    {
      id: 'I-I-2-j',
      rules: ['shell', 'package-manager', 'compiler', 'setuid', ...groups.tools, ...groups.daemons],
      rest: 'limit the interfaces of the application',
    },
    {
      id: 'I-I-2-k',
      rules: [...groups.binaries, 'executable-stack'],
      rest: 'reduce what an incident can do where it runs',
    },
    { id: 'I-I-2-l', rules: [], rest: 'record and monitor what matters for security' },
    { id: 'I-I-2-m', rules: [], rest: 'let users remove their data' },
    { id: 'I-II-1', rules: [...groups.sbom], rest: 'add your own software to it' },
    {
      id: 'I-II-2',
      rules: [...groups.vulnerabilities, ...groups.support],
      rest: 'remedy without delay, apart from new functions where feasible',
    },
    { id: 'I-II-3', rules: [], rest: 'test and review the security of the product regularly' },
    { id: 'I-II-4', rules: [...groups.vex], rest: 'publish what was fixed once an update is there' },
    { id: 'I-II-5', rules: [], rest: 'have a policy on coordinated disclosure' },
    { id: 'I-II-6', rules: [], rest: 'name an address that vulnerabilities are reported to' },
    { id: 'I-II-7', rules: [...groups.signature], rest: 'distribute updates securely' },
    { id: 'I-II-8', rules: [], rest: 'distribute security updates without delay and free of charge' },
  ],
}
