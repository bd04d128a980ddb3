/** The cashier's sheet: the house's tokens, light and dark, and nothing else. Provider colour is for the pay button alone. */
export const STYLE = `
:root{color-scheme:light dark;--canvas:#F3F6F7;--surface:#FFF;--sunken:#EDF2F3;--line:#DEE3E4;--line-strong:#C6CED0;--ink:#152025;--ink-2:#465258;--ink-3:#646F74;--warning:#80500E;--warning-soft:#FFF1D5;--warning-line:#E6BD77;--danger:#AE2322;--success:#14693D;--focus:#008FAF}
@media (prefers-color-scheme:dark){:root{--canvas:#0B1013;--surface:#12191B;--sunken:#070C0E;--line:#242B2F;--line-strong:#363F43;--ink:#E9EEEF;--ink-2:#AEB8BA;--ink-3:#8D979B;--warning:#E9BD68;--warning-soft:#362710;--warning-line:#6A4D15;--danger:#F8928B;--success:#72D69D;--focus:#45BCD6}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--canvas);color:var(--ink);font:14px/22px "Noto Sans SC Variable","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
.hatch{height:4px;background:repeating-linear-gradient(135deg,var(--warning-line) 0 8px,var(--warning-soft) 8px 16px)}
.who{display:flex;align-items:center;gap:8px;max-width:430px;width:100%;margin:0 auto;padding:16px 20px 0;color:var(--ink-2)}
.who b{font-weight:500;color:var(--ink)}
.chip{margin-left:auto;height:20px;padding:0 8px;border:1px solid var(--warning-line);border-radius:4px;background:var(--warning-soft);color:var(--warning);font-size:12px;line-height:18px}
main{flex:1;display:flex;flex-direction:column;max-width:430px;width:100%;margin:0 auto;padding:12px 20px 24px}
.slip{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:24px 20px}
.payee{margin:0;color:var(--ink-2)}
.amount{margin:4px 0 16px;font-size:min(40px,10vw);line-height:48px;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.amount span{font-size:24px;margin-right:4px}
dl{margin:0;border-top:1px solid var(--line)}
dl div{display:flex;gap:16px;justify-content:space-between;padding:9px 0;border-bottom:1px solid var(--line);font-size:13px;line-height:20px}
dt{flex:none;color:var(--ink-3)}
dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.state{margin:20px 0 0;font-size:16px;line-height:24px;font-weight:600}
.state.ok{color:var(--success)}.state.bad{color:var(--danger)}
.note{margin:4px 0 0;color:var(--ink-2);font-size:13px;line-height:20px;overflow-wrap:anywhere}
form{margin-top:auto;padding-top:24px;display:grid;grid-template-columns:1fr 1fr;gap:12px}
button,.button{display:block;min-height:48px;padding:12px 16px;border:1px solid var(--line-strong);border-radius:6px;background:var(--surface);color:var(--ink);font:inherit;font-size:16px;text-align:center;text-decoration:none;cursor:pointer}
button.pay{grid-column:1/-1;border-color:transparent;color:#fff;font-weight:600}
.alipay button.pay{background:#1677FF}.wechat button.pay{background:#07C160;color:#04210f}
button:focus-visible,.button:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.actions{margin-top:auto;padding-top:24px}
`;
