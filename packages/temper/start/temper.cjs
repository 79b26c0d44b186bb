#!/usr/bin/env node
/* The command of the installed package. In words that every Node since 4 reads: what is older than Temper needs says so
   in one line, where the program itself would end in an error about its syntax or a function that is not there. */
'use strict'
var found = process.versions.node
var part = found.split('.').map(Number)
if (part[0] > 22 || (part[0] === 22 && part[1] >= 18)) {
  require('./load.cjs')
} else {
  process.stderr.write(
    'temper: needs Node 22.18 or later, found ' +
      found +
      ' (' +
      process.execPath +
      '); newer ones: https://nodejs.org\n',
  )
  process.exitCode = 3
}
