/** The style of pages: the colours of the reader's system, and a layout that fits a telephone too. */
export const style = `
:root { color-scheme: light dark; --hairline: #8884; --quiet: #777; --bad: #c22; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 4rem; font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 1px solid var(--hairline); }
header p { color: var(--quiet); }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
table { width: 100%; border-collapse: collapse; }
@media (min-width: 40rem) {
  table { table-layout: fixed; }
  th:first-child { width: 32%; }
  th:last-child { width: 24%; }
}
th { text-align: left; font-weight: normal; color: var(--quiet); }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--hairline); }
td { overflow-wrap: anywhere; }
code { font: .9em ui-monospace, monospace; }
.held { border-left: 4px solid var(--bad); padding-left: 1rem; }
`
