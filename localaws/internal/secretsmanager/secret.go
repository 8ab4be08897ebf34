package secretsmanager

import (
	"maps"
	"slices"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The staging labels that Secrets Manager itself moves.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
	pending  = "AWSPENDING"
)

// secret is one secret. Service.mu guards it.
type secret struct {
	name, arn   string
	place       api.Place
	description string
	keyID       string // KmsKeyId as given; "": the AWS managed key
	created     time.Time
	changed     time.Time
	accessed    time.Time // day of the last GetSecretValue
	deletion    time.Time // zero: not scheduled for deletion
	tags        map[string]string
	policyText  string
	policy      *iam.Source
	rotation    rotation

	versions map[string]*version
	// labels gives the version of each staging label. So a label is on one
	// version only, and no operation can break that.
	labels map[string]string
}

// version is one version of a secret. A version that a rotation has announced
// and not yet filled has no value.
type version struct {
	id       string
	created  time.Time
	accessed time.Time
	value    *sealedValue
}

// stagesOf lists the staging labels of a version, sorted.
func (x *secret) stagesOf(id string) []string {
	stages := []string{}
	for label, v := range x.labels {
		if v == id {
			stages = append(stages, label)
		}
	}
	slices.Sort(stages)
	return stages
}

// label attaches a staging label to a version, off the version it was on. When
// AWSCURRENT moves, AWSPREVIOUS follows to where it was.
//
// Source: API reference, PutSecretValue and UpdateSecretVersionStage.
func (x *secret) label(label, id string) {
	if old, ok := x.labels[label]; ok && label == current && old != id {
		x.labels[previous] = old
	}
	x.labels[label] = id
	// A version that becomes current is not the previous one as well.
	if label == current && x.labels[previous] == id {
		delete(x.labels, previous)
	}
}

// maxLabels is the number of staging labels over all versions of a secret.
//
// Source: Secrets Manager user guide, reference_limits.
const maxLabels = 20

// checkLabels refuses labels that would be more than a secret can have.
func (x *secret) checkLabels(labels []string) error {
	all := maps.Clone(x.labels)
	for _, l := range labels {
		if l == "" || len(l) > 256 {
			return validation("1 validation error detected: Value at 'versionStages' failed to satisfy constraint: Member must have length between 1 and 256")
		}
		if l == current && all[current] != "" {
			all[previous] = ""
		}
		all[l] = ""
	}
	if len(all) > maxLabels {
		return limitExceeded("You have reached the limit of %d staging labels on secret %s.", maxLabels, x.arn)
	}
	return nil
}

// What Secrets Manager keeps of versions without a staging label.
//
// Source: Secrets Manager user guide, whats-in-a-secret.
const (
	keptVersions = 100
	keptFor      = 24 * time.Hour
)

// removeDeprecated removes the oldest versions without a staging label while
// there are more than 100 versions, but none that is younger than 24 hours.
func (x *secret) removeDeprecated(now time.Time) {
	over := len(x.versions) - keptVersions
	if over <= 0 {
		return
	}
	labelled := map[string]bool{}
	for _, id := range x.labels {
		labelled[id] = true
	}
	var old []*version
	for _, v := range x.versions {
		if !labelled[v.id] && now.Sub(v.created) > keptFor {
			old = append(old, v)
		}
	}
	slices.SortFunc(old, func(a, b *version) int { return a.created.Compare(b.created) })
	for _, v := range old[:min(over, len(old))] {
		delete(x.versions, v.id)
	}
}

// needNotDeleted is what all operations ask for that read or change the value.
func (x *secret) needNotDeleted() error {
	if !x.deletion.IsZero() {
		return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
	}
	return nil
}

const alphanumeric = lowercase + uppercase + digits

// randomText is n random letters and digits.
func randomText(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = pick(alphanumeric)
	}
	return string(b)
}

// newARN is an ARN for a new secret: the name and 6 random characters.
//
// Source: Secrets Manager user guide, troubleshoot (ARN_secretnamehyphen).
func newARN(p api.Place, name string) string {
	return p.ARN("secretsmanager", "secret:"+name+"-"+randomText(6))
}
