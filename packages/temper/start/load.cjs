/* Apart from temper.cjs: old versions of Node cannot even read what follows. */
require('../dist/main.cjs')
