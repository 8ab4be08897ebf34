//go:build differential

package iamsimulate

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

const (
	owner    = "111122223333" // owns every resource
	stranger = "444455556666"
)

// testCase is one request with its policies, in the shape of iam.
type testCase struct {
	request  iam.Request
	policies iam.Policies
	// principal is the caller as iam-simulate writes it.
	principal string
	derived   map[string]string // keys that follow from caller and resource
	callerARN string            // as the Principal element names it: role, user, root
	account   string
	root      bool
	federated bool // a federated user, whose user is callerARN
}

// generator makes cases that often match: most parts of a statement are built
// from the request, the rest from its neighbours.
type generator struct {
	r *rand.Rand
	c *testCase
}

// newGenerator makes the same cases each time.
func newGenerator() *generator { return &generator{r: rand.New(rand.NewPCG(2026, 1))} }

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

// scene is a kind of resource with the actions on it.
type scene struct {
	resource string
	near     []string // other resources and patterns
	actions  []string
	wide     []string // action patterns of other policies
	service  string
}

var scenes = []scene{
	{
		service: "s3", resource: "arn:aws:s3:::acme-data/team/red/a.txt",
		near:    []string{"arn:aws:s3:::acme-data/*", "arn:aws:s3:::acme-data*", "arn:aws:s3:::acme-data/team/${aws:PrincipalTag/team}/*", "arn:aws:s3:::acme-data/team/${aws:username, 'red'}/*", "arn:aws:s3:::acme-data/team/re?/*.txt", "arn:aws:s3:::acme-data", "arn:aws:s3:::acme-dat?/team/*", "arn:aws:s3:*:*:acme-data/*", "arn:aws:s3:::other/*", "arn:aws:s3:::acme-data/team/${*}/a.txt", "arn:aws:s3:::acme-data/TEAM/*", "*"},
		actions: []string{"s3:PutObject", "s3:GetObject", "s3:ReplicateObject", "s3:DeleteObject"},
		wide:    []string{"s3:*", "*", "s3:Put*", "s3:*Object", "S3:putobject", "s3:Get?bject", "s3:ListBucket", "kms:*"},
	},
	{
		service: "s3", resource: "arn:aws:s3:::acme-data",
		near:    []string{"arn:aws:s3:::acme-*", "arn:aws:s3:::acme-data/*", "arn:aws:s3:::${aws:PrincipalTag/team}-data", "*"},
		actions: []string{"s3:ListBucket", "s3:GetBucketVersioning", "s3:PutBucketVersioning"},
		wide:    []string{"s3:*", "*", "s3:List*", "s3:*Bucket*", "s3:PutObject"},
	},
	{
		service: "kms", resource: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		near:    []string{"arn:aws:kms:eu-west-1:111122223333:key/*", "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:eu-*:*:key/1234abcd-*", "arn:aws:kms:us-east-1:111122223333:key/*", "*"},
		actions: []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt"},
		wide:    []string{"kms:*", "*", "kms:GenerateDataKey*", "kms:*crypt", "kms:CreateGrant"},
	},
	{
		service: "sts", resource: "arn:aws:iam::111122223333:role/target",
		near:    []string{"arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/target", "arn:aws:iam::444455556666:role/target", "*"},
		actions: []string{"sts:AssumeRole"},
		wide:    []string{"sts:*", "*", "sts:Assume*", "sts:TagSession"},
	},
	{
		service: "secretsmanager", resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ring-a1b2c3",
		near:    []string{"arn:aws:secretsmanager:eu-west-1:111122223333:secret:ring-??????", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*", "arn:aws:secretsmanager:*:*:secret:other-*", "arn:aws:secretsmanager:*:secret:ring-*", "*"},
		actions: []string{"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"},
		wide:    []string{"secretsmanager:*", "*", "secretsmanager:Get*", "secretsmanager:*Value"},
	},
}

func (g *generator) next() testCase {
	sc := scenes[pick(g, 0, 0, 0, 1, 2, 2, 3, 4)]
	c := testCase{}
	g.c = &c
	g.caller(sc)
	c.request.Action = pick(g, sc.actions...)
	c.request.Resource = sc.resource
	c.request.ResourceAccount = owner
	g.derive(sc)
	c.request.Context = g.context(sc)

	p := &c.policies
	signed := c.account != "" && !c.root
	if signed {
		for i := range g.r.IntN(3) {
			p.Identity = append(p.Identity, g.source(sc, fmt.Sprint("identity", i), false, 60))
		}
		if g.chance(25) {
			s := g.source(sc, "boundary", false, 75)
			p.Boundary = &s
		}
		if strings.Contains(c.callerARN, ":role/") && g.chance(15) || c.federated {
			p.Session = []iam.Source{g.source(sc, "session", false, 80)}
		}
	}
	if c.account != "" && g.chance(25) {
		p.SCPs = g.levels(sc, "scp")
	}
	if g.chance(20) {
		p.RCPs = g.levels(sc, "rcp")
	}
	if sc.service == "kms" || sc.service == "sts" || g.chance(75) {
		s := g.source(sc, "resource", true, 70)
		p.Resource = &s
	}
	if sc.service == "s3" && g.chance(50) {
		p.PublicAccess = &iam.PublicAccessBlock{BlockPublicPolicy: true, RestrictPublicBuckets: true}
	}
	return c
}

func (g *generator) caller(sc scene) {
	c := g.c
	c.account = pick(g, owner, owner, owner, stranger, stranger)
	switch n := g.r.IntN(20); {
	case n == 0 && sc.service != "sts":
		c.federated = true
		c.callerARN = "arn:aws:iam::" + c.account + ":user/bob"
		c.principal = "arn:aws:sts::" + c.account + ":federated-user/bob"
		c.request.Caller = iam.FederatedUser(c.callerARN, "bob")
	case n < 10:
		role, name := "role/put", "put"
		if g.chance(30) {
			role, name = "role/app/reader", "reader"
		}
		session := pick(g, "s1", "s2")
		c.callerARN = "arn:aws:iam::" + c.account + ":" + role
		c.principal = "arn:aws:sts::" + c.account + ":assumed-role/" + name + "/" + session
		c.request.Caller = iam.RoleSession(c.callerARN, session)
	case n < 14:
		c.callerARN = "arn:aws:iam::" + c.account + ":user/" + pick(g, "alice", "red", "ops/bob")
		c.principal = c.callerARN
		c.request.Caller = iam.User(c.callerARN)
	case n < 16 && sc.service != "sts": // the root user assumes no role
		c.root = true
		c.callerARN = "arn:aws:iam::" + c.account + ":root"
		c.principal = c.callerARN
		c.request.Caller = iam.AccountRoot(c.account)
	case n < 18 || sc.service == "kms" || sc.service == "sts":
		c.account = ""
		c.principal = pick(g, "s3.amazonaws.com", "delivery.logs.amazonaws.com")
		c.request.Caller = iam.ServicePrincipal(c.principal)
	default:
		c.account = ""
		c.principal = "anonymous"
		c.request.Caller = iam.Anonymous()
	}
}

// levels are the policies of the organization's root, a unit and the account
// below. RCPFullAWSAccess is nowhere listed: it is always attached.
func (g *generator) levels(sc scene, kind string) [][]iam.Source {
	full := iam.Source{Name: "full", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}}}}
	var levels [][]iam.Source
	for i := range 1 + g.r.IntN(3) {
		name := fmt.Sprint(kind, i)
		switch {
		case kind == "rcp" && g.chance(60):
			levels = append(levels, []iam.Source{g.rcp(sc, name)})
		case kind == "rcp":
			levels = append(levels, nil)
		case g.chance(50):
			deny := g.source(sc, name, false, 50)
			for j := range deny.Document.Statement {
				deny.Document.Statement[j].Effect = iam.Deny
			}
			levels = append(levels, []iam.Source{full, deny})
		case g.chance(40):
			levels = append(levels, []iam.Source{g.source(sc, name, false, 80)})
		default:
			levels = append(levels, []iam.Source{full})
		}
	}
	return levels
}

// rcp only denies; the grammar of RCPs has no NotAction and no "*" as an action.
func (g *generator) rcp(sc scene, name string) iam.Source {
	s := g.source(sc, name, false, 50)
	s.Document.Version = iam.Version
	for j := range s.Document.Statement {
		st := &s.Document.Statement[j]
		st.Effect, st.Principal = iam.Deny, &iam.Principal{Any: true}
		st.NotAction, st.Action = nil, iam.Strings{pick(g, sc.service+":*", g.c.request.Action, "sqs:*")}
	}
	return s
}

// source is a document of one to three statements; hit is the chance in
// percent that a part of a statement is made to match.
func (g *generator) source(sc scene, name string, resourcePolicy bool, hit int) iam.Source {
	d := iam.Document{Version: iam.Version}
	if g.chance(8) {
		d.Version = "2008-10-17"
	}
	for i := range 1 + g.r.IntN(3) {
		st := iam.Statement{Sid: fmt.Sprint("S", i), Effect: iam.Allow}
		if g.chance(22) {
			st.Effect = iam.Deny
		}
		g.actions(sc, &st, hit)
		g.resources(sc, &st, hit, resourcePolicy)
		if resourcePolicy {
			g.principal(&st, hit)
		}
		st.Condition = g.condition(sc)
		d.Statement = append(d.Statement, st)
	}
	return iam.Source{Name: name, Document: d}
}

func (g *generator) actions(sc scene, st *iam.Statement, hit int) {
	list := iam.Strings{pick(g, sc.wide...)}
	if g.chance(hit) {
		list = append(list, g.c.request.Action)
	}
	if g.chance(8) {
		st.NotAction = iam.Strings{pick(g, append(sc.wide[2:], sc.actions...)...)}
		return
	}
	st.Action = list
}

func (g *generator) resources(sc scene, st *iam.Statement, hit int, resourcePolicy bool) {
	if sc.service == "sts" && resourcePolicy {
		return // trust policies have no Resource
	}
	if g.chance(8) {
		st.NotResource = iam.Strings{pick(g, sc.near[:len(sc.near)-1]...)}
		return
	}
	st.Resource = iam.Strings{pick(g, sc.near...)}
	if g.chance(hit) {
		st.Resource = append(st.Resource, sc.resource)
	}
}

func (g *generator) principal(st *iam.Statement, hit int) {
	c := g.c
	others := iam.Strings{
		"arn:aws:iam::" + owner + ":role/put", "arn:aws:iam::" + owner + ":root", "arn:aws:iam::" + stranger + ":root",
		"arn:aws:iam::" + stranger + ":role/put", "arn:aws:iam::" + owner + ":user/alice", stranger, owner,
		"arn:aws:sts::" + owner + ":assumed-role/put/s1",
	}
	p := &iam.Principal{AWS: iam.Strings{pick(g, others...)}}
	switch {
	case g.chance(18):
		p = &iam.Principal{Any: true}
	case g.chance(10):
		p = &iam.Principal{AWS: iam.Strings{"*"}}
	case g.chance(10):
		p = &iam.Principal{Service: iam.Strings{pick(g, "s3.amazonaws.com", "delivery.logs.amazonaws.com")}}
	case g.chance(hit) && c.account != "":
		p.AWS = append(p.AWS, pick(g, c.callerARN, c.callerARN, c.principal, c.account, "arn:aws:iam::"+c.account+":root"))
	}
	if st.Effect == iam.Deny && g.chance(30) {
		// Everyone on the way to the caller, as AWS asks for.
		np := &iam.Principal{AWS: iam.Strings{pick(g, others...)}}
		if c.account != "" && g.chance(80) {
			np.AWS = iam.Strings{"arn:aws:iam::" + c.account + ":root", c.callerARN, c.principal}
		}
		st.NotPrincipal = np
		return
	}
	st.Principal = p
}
