import { decide } from "./decide.ts";
import { benchCall, benchCompiled, benchFacts } from "@/lib/testing/bench/policy.ts";
const compiled = benchCompiled(20);
const calls = Array.from({length: 10000}, (_, i) => benchCall(i, 20));
const hist: any = {};
for (const c of calls) { const d = decide(compiled, c, benchFacts); hist[d.verdict+" "+d.rule?.replace(/\d+/g,"N")] = (hist[d.verdict+" "+d.rule?.replace(/\d+/g,"N")]??0)+1; }
console.log(hist);
for (let r=0;r<8;r++){ const t0=performance.now(); let n=0; for (let k=0;k<10;k++) for (const c of calls) n+= decide(compiled,c,benchFacts).checks.length; console.log(((performance.now()-t0)*1e6/100000).toFixed(0)+" ns", n); }
const allow = calls.filter((c,i)=> i%20<16);
for (let r=0;r<4;r++){ const t0=performance.now(); let n=0; for (let k=0;k<10;k++) for (const c of allow) n+= decide(compiled,c,benchFacts).checks.length; console.log("allow", ((performance.now()-t0)*1e6/10/allow.length).toFixed(0)+" ns", n); }
console.log(JSON.stringify(decide(compiled, benchCall(17,20), benchFacts),null,1));
