package access

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// unneeded are the parts of policies that no question notices when they are
// missing, each with the reason why it stays.
var unneeded = map[string]string{
	"prod: role ReplicationRole: EncryptReplicas condition StringEquals kms:ViaService":                 twoAccounts,
	"prod: role ReplicationRole: EncryptReplicas condition StringLike kms:EncryptionContext:aws:s3:arn": twoAccounts,
	"full: role ReplicationRole: EncryptReplicas condition StringEquals kms:ViaService":                 twoAccounts,
	"full: role ReplicationRole: EncryptReplicas condition StringLike kms:EncryptionContext:aws:s3:arn": twoAccounts,

	"wide: role ReplicationRole: EncryptReplicas (whole)":                                                                                                     theirKey,
	"wide: role ReplicationRole: EncryptReplicas action kms:Decrypt":                                                                                          theirKey,
	"wide: role ReplicationRole: EncryptReplicas action kms:Encrypt":                                                                                          theirKey,
	"wide: role ReplicationRole: EncryptReplicas action kms:GenerateDataKey":                                                                                  theirKey,
	"wide: role ReplicationRole: EncryptReplicas condition StringEquals kms:ViaService":                                                                       theirKey,
	"wide: role ReplicationRole: EncryptReplicas condition StringLike kms:EncryptionContext:aws:s3:arn":                                                       theirKey,
	"wide: role ReplicationRole: EncryptReplicas condition StringLike kms:EncryptionContext:aws:s3:arn arn:aws:s3:::wide-replica-101010102020-eu-west-3-an":   theirKey,
	"wide: role ReplicationRole: EncryptReplicas condition StringLike kms:EncryptionContext:aws:s3:arn arn:aws:s3:::wide-replica-101010102020-eu-west-3-an/*": theirKey,

	"wide: role ReplicationRole: DecryptSource (whole)":                                                                                                       accountWide,
	"wide: role ReplicationRole: DecryptSource condition StringLike kms:EncryptionContext:aws:s3:arn":                                                         accountWide,
	"wide: role ReplicationRole: DecryptSource condition StringLike kms:EncryptionContext:aws:s3:arn arn:aws:s3:::wide-source-888899990000-eu-central-1-an":   accountWide,
	"wide: role ReplicationRole: DecryptSource condition StringLike kms:EncryptionContext:aws:s3:arn arn:aws:s3:::wide-source-888899990000-eu-central-1-an/*": accountWide,

	"full: role SseCIngestIngestRole: DecryptSource condition StringEquals kms:ViaService":                                           theirSource,
	"full: role SseCIngestIngestRole: DecryptSource condition StringLike kms:EncryptionContext:aws:s3:arn":                           theirSource,
	"full: role SseCIngestIngestRole: DecryptSource condition StringLike kms:EncryptionContext:aws:s3:arn arn:aws:s3:::full-scans/*": theirSource,

	"full: role SseCRotationRotateRole: TestKey action s3:PutObject":                          otherObject,
	"full: role SseCRotationRotateRole: EncryptKeyRing (whole)":                               outsideKey,
	"full: role SseCRotationRotateRole: EncryptKeyRing action kms:Decrypt":                    outsideKey,
	"full: role SseCRotationRotateRole: EncryptKeyRing action kms:GenerateDataKey":            outsideKey,
	"full: role SseCRotationRotateRole: EncryptKeyRing condition StringEquals kms:ViaService": outsideKey,

	"full: role SseCSweeperMachineRole: StartBatches (whole)": ownExecutions,
	"full: role SseCSweeperMachineRole: WatchBatches (whole)": ownExecutions,
}

// unasked are the statements about what no question is about, each with the
// reason: none of their parts changes an answer.
var unasked = map[string]string{
	"SendTraces":         "X-Ray's actions have no resource, and no question is about it",
	"ConsumeQueue":       "no question is about a queue",
	"ReadSources":        "no question is about a bucket outside the stacks",
	"TellMissingSources": "no question is about a bucket outside the stacks",
}

const (
	theirSource = "the key is outside the stacks, and is asked about without the bucket that it is used for"
	outsideKey  = "the key ring's key is outside the stacks, and is asked about without the secret that it is used for"
	otherObject = "the questions put another object than the one that tests a key"

	ownExecutions = "the questions are about buckets, keys, secrets and functions; Step Functions asks for this right before it runs a Distributed Map"

	twoAccounts = "the replica key's policy has the same condition; the role keeps to it even where stages.yaml names a key whose policy is not ours"
	theirKey    = "the key is one that the other account has already: its policy has to admit the role, and KMS's default policy does not"
	accountWide = "the key lets the whole account in through S3, this role too; it stands here for the day when that option is taken back"
)

// A part of a policy that could go unnoticed is either not needed, and then it
// is a risk, or not tested, and then its loss would be found by a user. Each
// statement, action, resource, principal and condition of every policy is taken
// out, one at a time; some answer must change.
func TestEveryPartOfEveryPolicyIsNeeded(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and each stage is one goroutine's")
	}
	a := readAssembly(t, examples)
	var found sync.Map // of the parts that are listed
	t.Cleanup(func() { // when the stages are done, which run in parallel
		for name := range unneeded {
			if _, ok := found.Load(name); !ok {
				t.Errorf("%s is listed as unneeded, and there is no such part", name)
			}
		}
		for sid := range unasked {
			if _, ok := found.Load(sid); !ok {
				t.Errorf("%s is listed as unasked, and there is no such statement", sid)
			}
		}
	})
	for _, stage := range stageNames(a) {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			set := readStage(t, a, stage)
			principals, resources := Principals(set), Resources(set)
			mutants := 0
			for _, p := range policies(set, principals, resources) {
				original := p.document.Statement
				before := answersTo(set, p)
				for _, m := range mutations(original) {
					mutants++
					p.document.Statement = m.statements
					name := stage + ": " + p.name + ": " + m.name
					_, listed := unneeded[name]
					if listed {
						found.Store(name, true)
					}
					if _, ok := unasked[m.sid]; ok {
						listed = true
						found.Store(m.sid, true)
					}
					switch survived := same(set, p, before, m.sid); {
					case survived && !listed:
						t.Errorf("%s changes no answer: remove it, ask a question that needs it, or list it with a reason", name)
					case !survived && listed:
						t.Errorf("%s is listed as unneeded, and is needed: take it off the list", name)
					}
				}
				p.document.Statement = original
			}
			if mutants < 50 {
				t.Errorf("only %d parts were taken out: the policies were not found", mutants)
			}
			t.Logf("%d parts were taken out", mutants)
		})
	}
}

// policy is a policy of a set, with the questions that it can decide.
type policy struct {
	name       string
	document   *iam.Document
	principals []Principal
	resources  []Resource
}

func policies(set *resource.Set, principals []Principal, resources []Resource) []policy {
	var list []policy
	ofResource := func(name, arn string, d *iam.Document) {
		i := slices.IndexFunc(resources, func(r Resource) bool { return r.ARN == arn })
		list = append(list, policy{name, d, principals, resources[i : i+1]})
	}
	for _, b := range set.Buckets {
		ofResource("bucket "+ShortName(b.LogicalID), b.ARN, &b.Policy.Document)
	}
	for _, k := range set.Keys {
		ofResource("key "+ShortName(k.LogicalID), k.ARN, &k.Policy.Document)
	}
	for _, r := range set.Roles {
		ofResource("trust "+ShortName(r.LogicalID), r.ARN, &r.Trust.Document)
		i := slices.IndexFunc(principals, func(p Principal) bool { return p.Caller == r.Caller() })
		for j := range r.Policies {
			list = append(list, policy{"role " + ShortName(r.LogicalID), &r.Policies[j].Document, principals[i : i+1], resources})
		}
	}
	return list
}

func answersTo(set *resource.Set, p policy) []answer {
	var list []answer
	for _, r := range p.resources {
		for _, o := range r.Operations {
			for _, who := range p.principals {
				list = append(list, answerTo(set, who, o))
			}
		}
	}
	return list
}

// same says whether the answers are as before. It stops at the first that is
// not, and begins with those that the mutated statement decided.
func same(set *resource.Set, p policy, before []answer, sid string) bool {
	for _, decided := range []bool{true, false} {
		i := 0
		for _, r := range p.resources {
			for _, o := range r.Operations {
				for _, who := range p.principals {
					if (before[i].by == sid) == decided && answerTo(set, who, o) != before[i] {
						return false
					}
					i++
				}
			}
		}
	}
	return true
}

// answer is what a table shows of an Answer.
type answer struct {
	allowed, denied bool
	by              string
}

func answerTo(set *resource.Set, p Principal, o Operation) answer {
	a := Ask(set, p, o)
	return answer{a.Allowed, a.Denied, a.By}
}

type mutation struct {
	sid, name  string
	statements []iam.Statement
}

// mutations are all ways to take one part out of a policy.
func mutations(statements []iam.Statement) []mutation {
	var list []mutation
	for i, s := range statements {
		add := func(what string, changed ...iam.Statement) {
			m := slices.Concat(statements[:i], changed, statements[i+1:])
			list = append(list, mutation{s.Sid, strings.TrimSpace(s.Sid + " " + what), m})
		}
		add("(whole)")
		for j, v := range s.Action {
			if len(s.Action) > 1 {
				c := s
				c.Action = without(s.Action, j)
				add("action "+v, c)
			}
		}
		for j, v := range s.Resource {
			if len(s.Resource) > 1 {
				c := s
				c.Resource = without(s.Resource, j)
				add("resource "+v, c)
			}
		}
		if s.Principal != nil {
			for j, v := range s.Principal.AWS {
				if len(s.Principal.AWS) > 1 {
					c := s
					c.Principal = &iam.Principal{AWS: without(s.Principal.AWS, j)}
					add("principal "+v, c)
				}
			}
		}
		for _, operator := range slices.Sorted(maps.Keys(s.Condition)) {
			for _, key := range slices.Sorted(maps.Keys(s.Condition[operator])) {
				c := s
				c.Condition = condition(s.Condition, operator, key, nil)
				add("condition "+operator+" "+key, c)
				for j, v := range s.Condition[operator][key] {
					if len(s.Condition[operator][key]) > 1 {
						c := s
						c.Condition = condition(s.Condition, operator, key, without(s.Condition[operator][key], j))
						add("condition "+operator+" "+key+" "+v, c)
					}
				}
			}
		}
	}
	return list
}

func without(list iam.Strings, i int) iam.Strings {
	return slices.Delete(slices.Clone(list), i, i+1)
}

// condition is c with other values of a key; nil takes the key out.
func condition(c iam.Condition, operator, key string, values iam.Strings) iam.Condition {
	changed := iam.Condition{}
	for o, keys := range c {
		changed[o] = maps.Clone(keys)
	}
	if values == nil {
		delete(changed[operator], key)
	} else {
		changed[operator][key] = values
	}
	if len(changed[operator]) == 0 {
		delete(changed, operator)
	}
	return changed
}
