// Plants one bug at a time in a copy of iam and runs the differential
// test on it: each bug must be caught. The copy is in the system's folder for
// temporary files; iam-simulate runs once, for its verdicts stay the same. The
// first argument is a regular expression: only the bugs whose name it matches. The
// second is the file in which a run of the test has kept the verdicts (-verdicts).
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')

// [what the bug is, file, text, replacement]
const bugs = [
  ['a boundary does not limit what a role is granted', 'decide.go', 'role != nil && limit == ""', 'role != nil'],
  ['cross-account needs no identity policy', 'decide.go', 'case !e.hasIdentity():', 'case false:'],
  ['cross-account needs no resource policy', 'decide.go', 'case h == nil:', 'case h == nil && e.identity == nil:'],
  ['a key policy need not let the account in', 'decide.go', 'case e.trusts() && role', 'case false && role'],
  ['one level of SCPs that allows is enough', 'decide.go', 'e.scps < len(p.SCPs)', 'e.scps == 0 && len(p.SCPs) > 0'],
  ['a level of SCPs below the first is not read', 'evaluate.go', 'e.scps = e.levels(p.SCPs)', 'e.scps = e.levels(p.SCPs[:min(1, len(p.SCPs))]) + max(0, len(p.SCPs)-1)'],
  ['RCPs are not read', 'evaluate.go', 'e.levels(p.RCPs)', 'e.levels(nil)'],
  ['a level of RCPs must allow', 'evaluate.go', 'e.levels(p.RCPs)', 'if e.levels(p.RCPs) < len(p.RCPs) {\n\t\te.deny = &hit{source: &Source{Document: Document{Statement: make([]Statement, 1)}}}\n\t}'],
  ['a session policy is not read', 'evaluate.go', 'for i := range p.Session {', 'for i := range p.Session[:0] {'],
  ['a session policy limits no federated user', 'decide.go', '(len(e.policies.Session) > 0 || e.req.Caller.kind == federatedUser) &&', 'len(e.policies.Session) > 0 && e.req.Caller.kind != federatedUser &&'],
  ['a federated user is not reached by its user', 'principal.go', '(c.kind == roleSession || c.kind == federatedUser) && principal', 'c.kind == roleSession && principal'],
  ['a federated user is the user of its name', 'callername.go', 'session = ":federated-user/" + c.session', 'session = ":user/" + c.session'],
  ['Block Public Access does nothing', 'decide.go', 'if d.Allowed && e.restricted()', 'if false'],
  ['a boundary that does not allow is no limit', 'decide.go', 'e.policies.Boundary != nil && e.boundary == nil', 'false'],
  ['a session policy that does not allow is no limit', 'decide.go', '(len(e.policies.Session) > 0 || e.req.Caller.kind == federatedUser) && e.session == nil', 'false'],
  ['the root user needs an identity policy', 'decide.go', ' || e.req.Caller.kind == rootCaller', ''],
  ['RCPs do not apply to services', 'evaluate.go', 'p.Identity, p.Boundary, p.Session, p.SCPs = nil, nil, nil, nil', 'p.Identity, p.Boundary, p.Session, p.SCPs, p.RCPs = nil, nil, nil, nil, nil'],
  ['SCPs do not apply to the root user', 'evaluate.go', 'p.Identity, p.Boundary, p.Session = nil, nil, nil', 'p.Identity, p.Boundary, p.Session, p.SCPs = nil, nil, nil, nil'],
  ['a Deny in a boundary is not read', 'evaluate.go', 'e.read(p.Boundary, identityPolicy,', 'e.read(&Source{}, identityPolicy,'],
  ['the last Deny of a document is overlooked', 'evaluate.go', 'for i := range s.Document.Statement {', 'for i := range s.Document.Statement[:max(min(1, len(s.Document.Statement)), len(s.Document.Statement)-1)] {'],
  ['negated operators are false on a missing key', 'condition.go', ' || op.negated && op.set == single', ''],
  ['ForAllValues is false on a missing key', 'condition.go', ' || op.set == forAllValues', ''],
  ['IfExists is ignored', 'condition.go', 'op.ifExists || ', ''],
  ['ForAllValues holds if any value matches', 'condition.go', 'return matches == len(have)', 'return matches > 0'],
  ['ForAnyValue of a negated operator needs all values', 'condition.go', 'return matches < len(have)', 'return matches == 0'],
  ['Null is turned round', 'condition.go', '"true") && !present', '"true") && present'],
  ['only the first value of a condition counts', 'condition.go', 'range want {\n\t\tp := pattern', 'range want[:1] {\n\t\tp := pattern'],
  ['one line of a condition is enough', 'condition.go', 't.holds || t.undefined && deny', 't.holds || t.undefined && deny || len(c) > 1'],
  ['ForAnyValue is ignored', 'operator.go', 'op.set, name = forAnyValue, rest', 'name = rest'],
  ['BinaryEquals is always true', 'comparison.go', 'err == nil && bytes.Equal(a, b)', 'err == nil || bytes.Equal(a, b)'],
  ['ArnNotEquals is ArnEquals', 'operator.go', 'valid: sixSegments, negated: true', 'valid: sixSegments'],
  ['NotIpAddress is IpAddress', 'operator.go', 'valid: isRange, negated: true', 'valid: isRange'],
  ['StringEquals ignores case', 'comparison.go', 'return want.text == have', 'return strings.EqualFold(want.text, have)'],
  ['NumericLessThanEquals is NumericLessThan', 'operator.go', 'numeric(func(c int) bool { return c <= 0 })', 'numeric(func(c int) bool { return c < 0 })'],
  ['DateGreaterThan accepts the same time', 'operator.go', 'date(func(c int) bool { return c > 0 })', 'date(func(c int) bool { return c >= 0 })'],
  ['a range contains every address of its family', 'comparison.go', 'w.Bits() <= h.Bits() && w.Contains(h.Addr())', 'w.Addr().Is4() == h.Addr().Is4()'],
  ['wildcards of an ARN cross its segments', 'arn.go', 'for range 5 {', 'for range 0 {'],
  ['"?" also stands for nothing', 'wildcard.go', "case i < len(p.text) && (p.one(i) ||", "case i < len(p.text) && p.one(i) && i+1 < len(p.text) && p.text[i+1] == s[j]:\n\t\t\ti++\n\t\tcase i < len(p.text) && (p.one(i) ||"],
  ['the value of a variable has wildcards', 'variables.go', 'add(value, true)', 'add(value, false)'],
  ['defaults of variables are ignored', 'variables.go', 'if hasDefault && ', 'if hasDefault = false; hasDefault && '],
  ['actions match in their case only', 'match.go', 'strings.ToLower(p)', 'strings.Clone(p)'],
  ['NotAction is read as Action', 'match.go', 'return !x.anyAction(s.NotAction)', 'return x.anyAction(s.NotAction)'],
  ['NotResource is read as Resource', 'resource.go', 'in, !deny) {\n\t\t\t\treturn false\n\t\t\t}\n\t\t}\n\t\treturn true', 'in, !deny) {\n\t\t\t\treturn true\n\t\t\t}\n\t\t}\n\t\treturn false'],
  ['an Allow with NotResource and an unresolved variable allows', 'resource.go', 'if !deny && x.leftOpen(', 'if false && x.leftOpen('],
  ['a resource with an unresolved variable is everything', 'resource.go', 'if p, ok := x.expand(r); ok && x.names', 'if p, ok := x.expand(r); !ok || x.names'],
  ['an account as principal grants to its users', 'principal.go', 'return accountGrant', 'return directGrant'],
  ['a role as principal is its session', 'principal.go', 'return roleGrant', 'return directGrant'],
  ['a session as principal is unknown', 'principal.go', 'case principal == c.ARN():', 'case c.kind == userCaller && principal == c.ARN():'],
  ['every service is the one named', 'principal.go', 'contains(p.Service, c.service):\n\t\treturn directGrant', 'len(p.Service) > 0:\n\t\treturn directGrant'],
  ['NotPrincipal spares no session', 'principal.go', 'contains(p.AWS, c.arn) && contains(p.AWS, c.ARN())', 'c.kind == userCaller && contains(p.AWS, c.arn)'],
  ['aws:PrincipalArn of a session is the session', 'context.go', 'c.PrincipalARN())', 'c.ARN())'],
  ['kms:CallerAccount is missing', 'context.go', 'add("kms:CallerAccount", c.account)', 'add("kms:CallerAccount", "")'],
  ['aws:username has its path', 'context.go', 'username = lastElement(c.arn)', 'username = c.arn[len("arn:aws:iam::111122223333:user/"):]'],
  ['key names match in their case only', 'context.go', 'x.keys[strings.ToLower(key)]', 'x.keys[key]'],
  ['a negated line makes a policy non-public', 'public.go', 'op.null || op.negated || op.ifExists', 'op.null || op.ifExists'],
  ['a line with IfExists makes a policy non-public', 'public.go', 'op.negated || op.ifExists ||', 'op.negated ||'],
  ['a wildcard makes a policy non-public', 'public.go', "!strings.ContainsAny(v, \"*?\") &&", '']
]

const chosen = bugs.filter(([what]) => new RegExp(process.argv[2] ?? '').test(what))
const work = mkdtempSync(join(tmpdir(), 'iam-mutations-'))
const verdicts = process.argv[3] ?? join(work, 'verdicts')
cpSync(join(root, 'go.mod'), join(work, 'go.mod'))
cpSync(join(root, 'go.sum'), join(work, 'go.sum'))
for (const room of ['iam', join('internal', 'strictjson')]) cpSync(join(root, room), join(work, room), { recursive: true })
cpSync(here, join(work, 'test', 'iam-simulate'), { recursive: true, filter: (f) => !f.includes('node_modules') })
symlinkSync(join(here, 'node_modules'), join(work, 'test', 'iam-simulate', 'node_modules'))

function differential() {
  const run = spawnSync('go', ['test', '-tags', 'differential', '-count=1', '.', '-args', '-verdicts', verdicts],
    { cwd: join(work, 'test', 'iam-simulate'), encoding: 'utf8' })
  const differs = /cases? differ|case \d+:/.test(run.stdout)
  return { passed: run.status === 0, differs, output: run.stdout + run.stderr }
}

let survived = 0
try {
  const sane = differential()
  if (!sane.passed) {
    throw new Error('without a bug the test fails:\n' + sane.output)
  }
  for (const [what, file, from, to] of chosen) {
    const path = join(work, 'iam', file)
    const good = readFileSync(path, 'utf8')
    if (!good.includes(from)) {
      throw new Error(`${file} no longer has: ${from}`)
    }
    // The first place only: the text after it is another bug.
    writeFileSync(path, good.replace(from, () => to))
    const run = differential()
    writeFileSync(path, good)
    if (!run.differs && !run.passed) {
      throw new Error(`${what}: the test fails without a difference:\n${run.output}`)
    }
    const count = /(\d+) of \d+ cases differ/.exec(run.output)?.[1] ?? (/more than 100/.test(run.output) ? 'more than 100' : '?')
    console.log(`${run.passed ? 'SURVIVED' : 'caught'}\t${run.passed ? 0 : count}\t${what}`)
    survived += run.passed ? 1 : 0
  }
} finally {
  rmSync(work, { recursive: true })
}
console.log(`${chosen.length - survived} of ${chosen.length} caught`)
process.exit(survived === 0 ? 0 : 1)
