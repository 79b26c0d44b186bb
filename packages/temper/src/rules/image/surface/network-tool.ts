import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:curl|wget2?|nc|ncat|netcat|nc\.(?:openbsd|traditional)|socat|telnet(?:\.[a-z-]+)?|ftp|tnftp|lftp|tftp|ssh|scp|sftp|rsh|rlogin|rsync|nmap|masscan|hping3|tcpdump|tshark|dumpcap|ngrep|iperf3?|dig|nslookup|host|nsupdate|mtr|traceroute6?(?:\.[a-z]+)?|arping|aria2c|axel|elinks|lynx|w3m|httpie|https?|xh|grpcurl)$/

export const networkTool = imageRule({
  id: 'network-tool',
  title: 'No tools that fetch, send or listen',
  why: 'An attacker who can run one command uses them to fetch the next one and to carry data away. Programs use libraries for that.',
  fix: 'leave it out; in a Dockerfile fetch in an earlier stage, or with ADD --checksum',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'a network tool', exceptEntry: true }),
})
