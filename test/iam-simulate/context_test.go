//go:build differential

package iamsimulate

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// encryptionContext is a key that iam-simulate drops from the context; in its
// cases it is written as a tag, which it keeps.
const (
	encryptionContext = "kms:EncryptionContext:aws:s3:arn"
	asTag             = "aws:PrincipalTag/kms_ec_s3_arn"
)

// conditionKey is a key with its type and the values that requests have.
type conditionKey struct {
	name   string
	kind   string // string, arn, bool, numeric, date, ip, list
	values []string
	on     func(service, action string) bool // nil: every request
}

func onAction(names ...string) func(string, string) bool {
	return func(_, action string) bool {
		for _, n := range names {
			if n == action {
				return true
			}
		}
		return false
	}
}

func onService(name string) func(string, string) bool {
	return func(service, _ string) bool { return service == name }
}

var given = []conditionKey{
	{name: "aws:PrincipalTag/team", kind: "string", values: []string{"red", "blue", "Red", "acme", "*"}},
	{name: "aws:RequestedRegion", kind: "string", values: []string{"eu-west-1", "us-east-1"}},
	{name: "aws:SourceVpce", kind: "string", values: []string{"vpce-1a2b3c4d", "vpce-9z"}},
	{name: "aws:SourceAccount", kind: "string", values: []string{owner, stranger}},
	{name: "aws:PrincipalOrgID", kind: "string", values: []string{"o-a1b2c3d4e5", "o-zzzzzzzzzz"}},
	{name: "aws:SourceArn", kind: "arn", values: []string{"arn:aws:s3:::source", "arn:aws:logs:eu-west-1:111122223333:delivery-source:x", "arn:aws:s3:::source-b"}},
	{name: "aws:SecureTransport", kind: "bool", values: []string{"true", "false"}},
	{name: "aws:MultiFactorAuthPresent", kind: "bool", values: []string{"true", "false"}},
	{name: "aws:MultiFactorAuthAge", kind: "numeric", values: []string{"10", "300", "301"}},
	{name: "aws:CurrentTime", kind: "date", values: []string{"2026-01-02T03:04:05Z", "2026-06-01T00:00:00Z"}},
	{name: "aws:TokenIssueTime", kind: "date", values: []string{"2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"}},
	{name: "aws:SourceIp", kind: "ip", values: []string{"203.0.113.7", "198.51.100.1", "2001:db8::1"}},
	{name: "aws:PrincipalTag/blob", kind: "binary", values: []string{"QmluYXJ5", "AAEC"}},
	{name: "aws:TagKeys", kind: "list", values: []string{"team", "cost", "Team"}},
	{name: "aws:CalledVia", kind: "list", values: []string{"cloudformation.amazonaws.com", "athena.amazonaws.com"}},
	{name: "s3:x-amz-server-side-encryption", kind: "string", values: []string{"aws:kms", "AES256", "aws:kms:dsse"}, on: onAction("s3:PutObject", "s3:ReplicateObject")},
	{name: "s3:x-amz-server-side-encryption-aws-kms-key-id", kind: "arn", values: []string{"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-west-1:444455556666:key/9999abcd-12ab-34cd-56ef-1234567890ab"}, on: onAction("s3:PutObject", "s3:ReplicateObject")},
	{name: "s3:x-amz-server-side-encryption-customer-algorithm", kind: "string", values: []string{"AES256"}, on: onAction("s3:PutObject", "s3:ReplicateObject")},
	{name: "s3:TlsVersion", kind: "numeric", values: []string{"1.1", "1.2", "1.3"}, on: onService("s3")},
	{name: "s3:max-keys", kind: "numeric", values: []string{"1", "10", "1000"}, on: onAction("s3:ListBucket")},
	{name: "s3:prefix", kind: "string", values: []string{"", "home/red/", "home/"}, on: onAction("s3:ListBucket")},
	{name: "kms:ViaService", kind: "string", values: []string{"s3.eu-west-1.amazonaws.com", "s3.us-east-1.amazonaws.com"}, on: onService("kms")},
	{name: encryptionContext, kind: "string", values: []string{"arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/a", "arn:aws:s3:::acme-data-evil"}, on: onService("kms")},
	{name: "sts:ExternalId", kind: "string", values: []string{"e-1", "e-2"}, on: onService("sts")},
	{name: "secretsmanager:VersionStage", kind: "string", values: []string{"AWSCURRENT", "AWSPENDING"}, on: onAction("secretsmanager:GetSecretValue")},
}

// follow are the keys that iam fills in by itself.
var follow = []conditionKey{
	{name: "aws:PrincipalArn", kind: "arn", values: []string{"arn:aws:iam::111122223333:role/put", "arn:aws:iam::444455556666:role/put", "arn:aws:iam::111122223333:user/alice"}},
	{name: "aws:PrincipalAccount", kind: "string", values: []string{owner, stranger}},
	{name: "aws:PrincipalType", kind: "string", values: []string{"AssumedRole", "User", "Account", "Anonymous"}},
	{name: "aws:PrincipalIsAWSService", kind: "bool", values: []string{"true", "false"}},
	{name: "aws:PrincipalServiceName", kind: "string", values: []string{"s3.amazonaws.com", "delivery.logs.amazonaws.com"}},
	{name: "aws:username", kind: "string", values: []string{"alice", "red"}},
	{name: "aws:ResourceAccount", kind: "string", values: []string{owner, stranger}},
	{name: "kms:CallerAccount", kind: "string", values: []string{owner, stranger}, on: onService("kms")},
}

// ofServices are keys that iam takes to be there for a service, with a value that
// no page states, and iam-simulate to be missing: the request gives them.
var ofServices = map[string]string{
	"aws:PrincipalArn":     "arn:aws:iam::210987654321:role/service",
	"aws:PrincipalAccount": "210987654321",
	"aws:PrincipalType":    "Service",
	"aws:userid":           "AROAEXAMPLE:service",
}

func (g *generator) context(sc scene) map[string]iam.Strings {
	ctx := map[string]iam.Strings{}
	if _, isService := g.c.derived["aws:PrincipalServiceName"]; isService {
		for k, v := range ofServices {
			ctx[k] = iam.Strings{v}
		}
	}
	for _, k := range given {
		if k.on != nil && !k.on(sc.service, g.c.request.Action) || !g.chance(65) {
			continue
		}
		ctx[k.name] = iam.Strings{pick(g, k.values...)}
		if k.kind == "list" && g.chance(50) {
			ctx[k.name] = append(ctx[k.name], pick(g, k.values...))
		}
	}
	return ctx
}

// derive is a second reading, apart from iam, of which keys follow
// from the caller and the resource.
func (g *generator) derive(sc scene) {
	c := g.c
	d := map[string]string{"aws:ResourceAccount": owner}
	switch {
	case c.principal == "anonymous":
		d["aws:PrincipalAccount"] = "anonymous"
		d["aws:PrincipalType"] = "Anonymous"
	case c.account == "":
		d["aws:PrincipalIsAWSService"] = "true"
		d["aws:PrincipalServiceName"] = c.principal
	default:
		d["aws:PrincipalIsAWSService"] = "false"
		d["aws:PrincipalAccount"] = c.account
		d["aws:PrincipalArn"] = c.callerARN
		d["aws:PrincipalType"] = "AssumedRole"
		if _, user, ok := strings.Cut(c.callerARN, ":user/"); ok {
			d["aws:PrincipalType"] = "User"
			d["aws:username"] = user[strings.LastIndex(user, "/")+1:]
		}
		switch {
		case c.root:
			d["aws:PrincipalType"] = "Account"
		case c.federated:
			d["aws:PrincipalType"], d["aws:PrincipalArn"] = "FederatedUser", c.principal
			d["aws:userid"] = c.account + ":bob"
			delete(d, "aws:username")
		}
		if sc.service == "kms" {
			d["kms:CallerAccount"] = c.account
		}
	}
	c.derived = d
}

var operators = map[string][]string{
	"string":  {"StringEquals", "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
	"arn":     {"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringEquals", "StringLike"},
	"bool":    {"Bool"},
	"numeric": {"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
	"date":    {"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
	"ip":      {"IpAddress", "NotIpAddress"},
	"binary":  {"BinaryEquals"},
	"list": {"ForAnyValue:StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringLike", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "ForAllValues:StringNotLike",
		"ForAnyValue:StringEqualsIgnoreCase", "ForAllValues:StringNotEqualsIgnoreCase"},
}

func (g *generator) condition(sc scene) iam.Condition {
	if g.chance(45) {
		return nil
	}
	c := iam.Condition{}
	for range 1 + g.r.IntN(2) {
		k := pick(g, given...)
		if g.chance(35) {
			k = pick(g, follow...)
		}
		// Keys of the scene's own service are drawn more often.
		for i := 0; i < 4 && !strings.HasPrefix(k.name, sc.service+":") && g.chance(35); i++ {
			k = pick(g, given...)
		}
		op := pick(g, operators[k.kind]...)
		var want iam.Strings
		switch {
		case g.chance(10):
			op, want = "Null", iam.Strings{pick(g, "true", "false")}
		default:
			if k.kind != "list" && g.chance(5) {
				op = pick(g, "ForAnyValue:", "ForAllValues:") + op
			}
			if g.chance(15) {
				op += "IfExists"
			}
			want = g.want(k, op)
		}
		name := k.name
		if g.chance(5) && name != encryptionContext {
			name = strings.ToLower(name)
		}
		if c[op] == nil {
			c[op] = map[string]iam.Strings{}
		}
		c[op][name] = want
	}
	return c
}

func (g *generator) want(k conditionKey, op string) iam.Strings {
	var want iam.Strings
	have, ok := g.c.request.Context[k.name]
	if v, derived := g.c.derived[k.name]; derived {
		have, ok = iam.Strings{v}, true
	}
	if ok && g.chance(55) {
		want = append(want, have[0])
	} else {
		want = append(want, pick(g, k.values...))
	}
	if g.chance(30) {
		want = append(want, pick(g, k.values...))
	}
	i := g.r.IntN(len(want))
	v := want[i]
	switch {
	case k.kind == "ip" && g.chance(60):
		want[i] = pick(g, "203.0.113.0/24", "0.0.0.0/0", "198.51.100.0/25", "2001:db8::/32", "203.0.113.7/32")
	case strings.Contains(op, "Like") && strings.Contains(op, "String") && len(v) > 3 && g.chance(60):
		n := 1 + g.r.IntN(len(v)-1)
		want[i] = pick(g, v[:n]+"*", "*"+v[n:], v[:n]+"?"+v[min(n+1, len(v)):], "*")
	case strings.Contains(op, "Arn") && g.chance(50):
		want[i] = pick(g, "arn:aws:iam::*:role/put", "arn:aws:iam::111122223333:*", "arn:aws:*:*:*:*", "arn:aws:s3:::source*", "arn:aws:kms:*:111122223333:key/*", "arn:*:iam::111122223333:role/p?t", "arn:aws:logs:*:delivery-source:*", "arn:aws:IAM::*:role/put")
	case k.kind == "string" && g.chance(10):
		want[i] = pick(g, "${aws:PrincipalTag/team}", "home/${aws:PrincipalTag/team}/", "${aws:PrincipalAccount}", "${aws:username, 'alice'}")
	case k.kind == "bool" && g.chance(10):
		want[i] = strings.ToUpper(v)
	}
	return want
}
