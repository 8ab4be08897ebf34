package wings

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// completions are for what fixtures leave out, since the rule they are of
// doesn't look at it. Each is an answer to a refusal, which has been noted by
// then, and lets the rest of the template be compared as well.
var completions = []struct {
	refusal  string
	complete func(d *deployment, r *template.Resource) bool
}{
	{"is given twice", func(*deployment, *template.Resource) bool {
		return true // the template is written anew, with the value that was read
	}},
	{"logging does not exist", dependOnBuckets},
	{"Destination bucket must exist", dependOnBuckets},
	{"Invalid Role ARN", func(d *deployment, r *template.Resource) bool {
		arn := roleOf(r.Stack().Account)
		d.outside.roles[arn] = true
		configuration, _ := r.RawProperties["ReplicationConfiguration"].(map[string]any)
		if _, word := configuration["Role"].(string); !word || configuration["Role"] == arn {
			return false
		}
		configuration["Role"] = arn
		return true
	}},
	{"a replication rule needs a Filter", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "ReplicationConfiguration", "Rules", "Prefix", "")
	}},
	{"Versioning must be 'Enabled' on the bucket", func(d *deployment, r *template.Resource) bool {
		return versioned(r)
	}},
	{"Destination bucket must have versioning enabled", func(d *deployment, r *template.Resource) bool {
		changed := false
		for _, rule := range listOf(r.Properties().Get("ReplicationConfiguration", "Rules")) {
			arn, _ := rule.Get("Destination", "Bucket").String()
			if b := d.planned.BucketNamed(strings.TrimPrefix(arn, "arn:aws:s3:::")); b != nil {
				d.refuse(b.Stack(), b.LogicalID, "it must have versioning enabled")
				if versioned(b.Resource) {
					d.changed[b.Stack().Name], changed = true, true
				}
			}
		}
		return changed
	}},
	{"SseKmsEncryptedObjects must be specified", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "ReplicationConfiguration", "Rules", "SourceSelectionCriteria",
			map[string]any{"SseKmsEncryptedObjects": map[string]any{"Status": "Enabled"}})
	}},
	{"Priority must be specified", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "ReplicationConfiguration", "Rules", "Priority", 1)
	}},
	{"DeleteMarkerReplication must be specified", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "ReplicationConfiguration", "Rules", "DeleteMarkerReplication", map[string]any{"Status": "Disabled"})
	}},
	{"The new key policy will not allow you to update", func(d *deployment, r *template.Resource) bool {
		document, _ := r.RawProperties["KeyPolicy"].(map[string]any)
		administer := map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": r.Stack().Account}, "Action": []any{"kms:PutKeyPolicy", "kms:CreateGrant", "kms:DescribeKey", "kms:GetKeyPolicy"}, "Resource": "*"}
		if slices.ContainsFunc(statementsOf(document), func(s any) bool { return reflect.DeepEqual(s, administer) }) {
			return false
		}
		document["Statement"] = append(statementsOf(document), administer)
		return true
	}},
	{"At least one of [Groups,Roles,Users]", func(d *deployment, r *template.Resource) bool {
		arn := roleOf(r.Stack().Account)
		d.outside.roles[arn] = true
		r.RawProperties["Roles"] = []any{arn[strings.LastIndexByte(arn, '/')+1:]}
		return true
	}},
	{"value for policyName is invalid", func(d *deployment, r *template.Resource) bool {
		r.RawProperties["PolicyName"] = "policy-of-the-fixture"
		return true
	}},
	{"IncludedObjectVersions", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "", "InventoryConfigurations", "IncludedObjectVersions", "All")
	}},
	{"ScheduleFrequency", func(d *deployment, r *template.Resource) bool {
		return setEach(r.RawProperties, "", "InventoryConfigurations", "ScheduleFrequency", "Daily")
	}},
	{"Policy has invalid resource", func(d *deployment, r *template.Resource) bool {
		name, err := r.Properties().Get("Bucket").String()
		if err != nil {
			return false
		}
		document, _ := r.RawProperties["PolicyDocument"].(map[string]any)
		changed := false
		for _, s := range statementsOf(document) {
			if s, ok := s.(map[string]any); ok && s["Resource"] == "*" {
				s["Resource"], changed = []any{"arn:aws:s3:::" + name, "arn:aws:s3:::" + name + "/*"}, true
			}
		}
		return changed
	}},
}

// dependOnBuckets lets the buckets that a resource names by a text be made
// before it.
func dependOnBuckets(d *deployment, r *template.Resource) bool {
	changed := false
	for name := range bucketsNamedBy(r) {
		b := d.planned.BucketNamed(name)
		if b != nil && b.Resource != r && b.Stack() == r.Stack() && !slices.Contains(r.DependsOn, b.LogicalID) {
			r.DependsOn, changed = append(r.DependsOn, b.LogicalID), true
		}
	}
	return changed
}

// shorthands are refused for what no fixture of replication writes out. They
// are completed for all resources of a stack at once.
var shorthands = regexp.MustCompile(`Invalid Role ARN|a replication rule needs a Filter`)

func statementsOf(document map[string]any) []any {
	if list, ok := document["Statement"].([]any); ok {
		return list
	}
	return []any{document["Statement"]}
}

func versioned(r *template.Resource) bool {
	if r.RawProperties == nil {
		r.RawProperties = map[string]any{}
	}
	if r.RawProperties["VersioningConfiguration"] != nil {
		return false
	}
	r.RawProperties["VersioningConfiguration"] = map[string]any{"Status": "Enabled"}
	return true
}

// setEach gives a value to those members of a list that have none.
func setEach(properties map[string]any, property, list, member string, value any) bool {
	if property != "" {
		properties, _ = properties[property].(map[string]any)
	}
	changed := false
	entries, _ := properties[list].([]any)
	for _, e := range entries {
		m, ok := e.(map[string]any)
		if ok && m[member] == nil && (member != "Prefix" || m["Filter"] == nil) {
			m[member], changed = value, true
		}
	}
	return changed
}
