/** The whole style of the page; it loads nothing. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #f7f7f5; --card: #fff; --ink: #1c1d20; --soft: #62656d; --line: #e0e0dc; --good: #1c7a4a; --bad: #b3261e; --accent: #2457c5; --check: #0000000d; }
@media (prefers-color-scheme: dark) { :root { --paper: #151618; --card: #1f2124; --ink: #ececea; --soft: #a2a5ad; --line: #34363b; --good: #6fd39b; --bad: #ff8f85; --accent: #8fb3ff; --check: #ffffff12; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 1rem; font-size: 1.15rem; }
p { margin: .4rem 0; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 1rem 0 0; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
dl div { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dd small { display: block; color: var(--soft); font-size: .8rem; font-weight: 400; }
details { margin: 1rem 0 0; }
summary { cursor: pointer; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
td, th { padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td.number { padding-right: 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding: 0; list-style: none; }
.row { margin: 0 0 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); content-visibility: auto; contain-intrinsic-size: auto 22rem; }
.row h3 { margin: 0 0 .75rem; font-size: .98rem; font-weight: 600; overflow-wrap: anywhere; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; min-width: 0; }
.frame { display: grid; place-items: center; height: 15rem; border-radius: 8px; overflow: hidden; text-decoration: none; background: var(--check); }
.frame img { max-width: 100%; max-height: 15rem; object-fit: contain; background: repeating-conic-gradient(var(--check) 0 25%, transparent 0 50%) 0 0 / 20px 20px var(--card); }
.frame.none { padding: 1rem; color: var(--soft); text-align: center; background: none; border: 1px dashed var(--line); }
figcaption { display: flex; flex-wrap: wrap; gap: 0 .8rem; margin-top: .45rem; font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; }
figcaption b { color: var(--ink); font-weight: 600; }
.reason ul { margin: 1rem 0 0; }
.dead { border-left: 4px solid var(--bad); contain-intrinsic-size: auto 8rem; }
.dead h3 { margin-bottom: .3rem; }
code { padding: .1rem .4rem; border-radius: 5px; background: var(--check); font: .88em ui-monospace, monospace; }
`;
