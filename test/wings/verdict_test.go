package wings

import (
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// verdicts are what the rules say of the aspects of a fixture's resources.
type verdicts struct {
	broken  broken
	unknown map[string]map[aspect]bool
	rules   map[string]map[string]bool // ids of those that found something, by place
}

// judge tries the rules on stacks.
func judge(stacks []*template.Stack) verdicts {
	report := rule.Check(stacks, rule.Options{})
	v := verdicts{broken{}, map[string]map[aspect]bool{}, map[string]map[string]bool{}}
	set := resource.Read(stacks)
	for _, f := range report.Findings {
		c := claims[f.Rule]
		for _, place := range places(stacks, set, f.Stack, f.LogicalID, making) {
			note(v.rules, place, f.Rule)
		}
		if c.aspect == advice || c.severity == rule.Error && f.Severity != rule.Error {
			continue
		}
		if kinds[f.Rule] && typeOf(stacks, f.Stack, f.LogicalID) != "AWS::S3::BucketPolicy" {
			continue
		}
		a := ofPath(c.aspect, f.PropertyPath)
		for _, place := range places(stacks, set, f.Stack, f.LogicalID, a) {
			v.broken.add(place, a, f.Rule+": "+f.Message)
		}
	}
	for _, u := range report.Unknown {
		a := ofPath(claims[u.Rule].aspect, u.PropertyPath)
		for _, place := range places(stacks, set, u.Stack, u.LogicalID, a) {
			note(v.unknown, place, a)
		}
	}
	return v
}

func note[T comparable](m map[string]map[T]bool, place string, what T) {
	if m[place] == nil {
		m[place] = map[T]bool{}
	}
	m[place][what] = true
}

// kinds are the rules whose findings S3 shares and IAM does not.
var kinds = map[string]bool{"object-action-on-bucket": true, "bucket-action-on-objects": true}

func typeOf(stacks []*template.Stack, stack, logicalID string) string {
	for _, s := range stacks {
		if r := s.Resource(logicalID); s.Name == stack && r != nil {
			return r.Type
		}
	}
	return ""
}

// ofPath tells the inventories from the server access logs.
func ofPath(a aspect, property string) aspect {
	if a == accessLog && strings.HasPrefix(property, "Properties.InventoryConfigurations") {
		return inventory
	}
	return a
}

// places are where what the rules say of a resource shows: of a bucket's
// policy at the bucket, of a role at the buckets that it replicates.
func places(stacks []*template.Stack, set *resource.Set, stack, logicalID string, a aspect) []string {
	all := []string{stack + "/" + logicalID}
	for _, s := range stacks {
		r := s.Resource(logicalID)
		if s.Name != stack || r == nil {
			continue
		}
		switch r.Type {
		case "AWS::S3::BucketPolicy":
			name, _ := r.Properties().Get("Bucket").String()
			if b := set.BucketNamed(name); b != nil && a != making {
				all = []string{placeOf(b)}
			}
		case "AWS::S3::Bucket":
			// S3 looks at the destination when the source is configured.
			for _, b := range set.Buckets {
				name, _ := r.Ref()
				if _, named := bucketsNamedBy(b.Resource)[name]; named && a == making && b.Resource != r {
					all = append(all, placeOf(b))
				}
			}
		case "AWS::IAM::Role":
			arn, _ := r.Att("Arn")
			for _, b := range set.Buckets {
				if role, err := b.Properties().Get("ReplicationConfiguration", "Role").String(); err == nil && role == arn {
					all = append(all, placeOf(b))
				}
			}
		}
	}
	return all
}
